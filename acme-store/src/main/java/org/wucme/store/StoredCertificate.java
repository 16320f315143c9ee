package org.wucme.store;

import java.security.KeyPair;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.wucme.acme.Identifier;
import org.wucme.acme.pki.CertificateChain;

/**
 * What a store holds under one name, as it was at one moment: certificate and key belong together.
 *
 * @param name what the store calls it
 * @param location where the certificate is, for a human and for servers that read it: of a file store, the path
 * @param chain the certificate and its chain; null if none was issued yet, or it cannot be read
 * @param keyPair the certificate's key; null if there is none that belongs to it
 * @param renewal how it is renewed; null for a certificate that came from elsewhere, or if it cannot be read
 * @param problem what cannot be read or does not fit, where, and what to do; null if all is well. While there is one,
 *     nothing is saved under this name
 */
public record StoredCertificate(
        String name,
        String location,
        @Nullable CertificateChain chain,
        @Nullable KeyPair keyPair,
        @Nullable RenewalRecord renewal,
        @Nullable String problem) {

    public StoredCertificate {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(location, "location");
    }

    /** What the certificate is for, in the order it was asked for if its record is there; empty if nothing can be read. */
    public Set<Identifier> identifiers() {
        if (renewal != null) {
            return Collections.unmodifiableSet(new LinkedHashSet<>(renewal.identifiers()));
        }
        return chain == null ? Set.of() : chain.identifiers();
    }

    /** Everything but the key. */
    @Override
    public String toString() {
        return "StoredCertificate[name=" + name + ", location=" + location + ", identifiers=" + identifiers()
                + ", hasKey=" + (keyPair != null) + ", renewal=" + renewal + ", problem=" + problem + "]";
    }
}
