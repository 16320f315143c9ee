package org.wucme.acme;

import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a new order asks for (RFC 8555 section 7.4). Immutable.
 *
 * @param identifiers names and addresses, each once
 * @param profile a profile that the CA advertises, or null for its default
 */
public record OrderRequest(
        List<Identifier> identifiers, @Nullable String profile) {

    public OrderRequest {
        identifiers = List.copyOf(new LinkedHashSet<>(identifiers));
        if (identifiers.isEmpty()) {
            throw new IllegalArgumentException("an order needs at least one name");
        }
    }

    /**
     * An order for names and addresses; duplicates count once.
     *
     * @throws IllegalArgumentException if one is neither a name nor an address
     */
    public static OrderRequest of(String... names) {
        return of(Arrays.stream(names).map(Identifier::of).toList());
    }

    /** An order for identifiers; duplicates count once. */
    public static OrderRequest of(Collection<Identifier> identifiers) {
        return new OrderRequest(List.copyOf(identifiers), null);
    }

    /** This order under a profile (draft-ietf-acme-profiles), which must be among {@link Directory#profiles()}. */
    public OrderRequest profile(@Nullable String name) {
        return new OrderRequest(identifiers, name);
    }
}
