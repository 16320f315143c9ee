package org.wucme.store;

import java.security.KeyPair;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.wucme.acme.Identifier;
import org.wucme.acme.pki.CertificateChain;

/**
 * What a store holds under one name, as it was at one moment: certificate and key belong together. Immutable; no method
 * does I/O.
 */
public final class StoredCertificate {

    private final String name;
    private final String location;
    private final Parts parts;

    /** With parts that are known. */
    public StoredCertificate(
            String name,
            String location,
            @Nullable CertificateChain chain,
            @Nullable KeyPair keyPair,
            @Nullable RenewalRecord renewal,
            @Nullable String problem) {
        this(name, location, new KnownParts(chain, keyPair, renewal, problem));
    }

    private StoredCertificate(String name, String location, Parts parts) {
        this.name = Objects.requireNonNull(name, "name");
        this.location = Objects.requireNonNull(location, "location");
        this.parts = Objects.requireNonNull(parts, "parts");
    }

    /**
     * With parts that are made from what was read when somebody asks for them: whoever lists thousands of certificates
     * rarely needs every key.
     */
    public static StoredCertificate of(String name, String location, Parts parts) {
        return new StoredCertificate(name, location, parts);
    }

    /** The same without its key, which {@link #keyPair} then does not have. */
    public StoredCertificate withoutKey() {
        return of(name, location, new KeylessParts(parts));
    }

    /** What the store calls it. */
    public String name() {
        return name;
    }

    /** Where the certificate is, for a human and for servers that read it: of a file store, the path. */
    public String location() {
        return location;
    }

    /** The certificate and its chain; null if none was issued yet, or it cannot be read. */
    public @Nullable CertificateChain chain() {
        return parts.chain();
    }

    /** From when on the certificate is valid; null if there is none, or it cannot be read. */
    public @Nullable Instant notBefore() {
        return parts.notBefore();
    }

    /** Until when the certificate is valid; null if there is none, or it cannot be read. */
    public @Nullable Instant notAfter() {
        return parts.notAfter();
    }

    /** The certificate's key; null if there is none that belongs to it. */
    public @Nullable KeyPair keyPair() {
        return parts.keyPair();
    }

    /** How it is renewed; null for a certificate that came from elsewhere, or if it cannot be read. */
    public @Nullable RenewalRecord renewal() {
        return parts.renewal();
    }

    /**
     * What cannot be read or does not fit, where, and what to do; null if all is well. While there is one, nothing is
     * saved under this name.
     */
    public @Nullable String problem() {
        return parts.problem();
    }

    /** What the certificate is for, in the order it was asked for if its record is there; empty if nothing can be read. */
    public Set<Identifier> identifiers() {
        RenewalRecord renewal = renewal();
        if (renewal != null) {
            return Collections.unmodifiableSet(
                    new LinkedHashSet<>(renewal.spec().identifiers()));
        }
        CertificateChain chain = chain();
        return chain == null ? Set.of() : chain.identifiers();
    }

    /** The version of a part, which becomes another when the part does; null if there is nothing of it. */
    public @Nullable String versionOf(Part part) {
        return parts.versionOf(part);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof StoredCertificate that
                && name.equals(that.name)
                && location.equals(that.location)
                && Objects.equals(chain(), that.chain())
                && Objects.equals(keyPair(), that.keyPair())
                && Objects.equals(renewal(), that.renewal())
                && Objects.equals(problem(), that.problem());
    }

    @Override
    public int hashCode() {
        return Objects.hash(name, location);
    }

    /** Everything but the key. */
    @Override
    public String toString() {
        return "StoredCertificate[name=" + name + ", location=" + location + ", identifiers=" + identifiers()
                + ", hasKey=" + (keyPair() != null) + ", renewal=" + renewal() + ", problem=" + problem() + "]";
    }

    /**
     * What a certificate consists of; the meaning of each part is that of {@link StoredCertificate}'s method. Each gives the
     * same value at each call, does no I/O, and is thread-safe.
     */
    public interface Parts {

        /** See {@link StoredCertificate#chain}. */
        @Nullable
        CertificateChain chain();

        /** See {@link StoredCertificate#notBefore}; a store may know it without parsing the certificate. */
        default @Nullable Instant notBefore() {
            CertificateChain chain = chain();
            return chain == null ? null : chain.leaf().getNotBefore().toInstant();
        }

        /** See {@link StoredCertificate#notAfter}; a store may know it without parsing the certificate. */
        default @Nullable Instant notAfter() {
            CertificateChain chain = chain();
            return chain == null ? null : chain.leaf().getNotAfter().toInstant();
        }

        /** See {@link StoredCertificate#keyPair}. */
        @Nullable
        KeyPair keyPair();

        /** See {@link StoredCertificate#renewal}. */
        @Nullable
        RenewalRecord renewal();

        /** See {@link StoredCertificate#problem}. */
        @Nullable
        String problem();

        /** See {@link StoredCertificate#versionOf}; made from the content, unless a store counts versions. */
        default @Nullable String versionOf(Part part) {
            return PartVersions.of(this, part);
        }
    }

    private record KnownParts(
            @Nullable CertificateChain chain,
            @Nullable KeyPair keyPair,
            @Nullable RenewalRecord renewal,
            @Nullable String problem)
            implements Parts {}

    private record KeylessParts(Parts all) implements Parts {

        @Override
        public @Nullable CertificateChain chain() {
            return all.chain();
        }

        @Override
        public @Nullable Instant notBefore() {
            return all.notBefore();
        }

        @Override
        public @Nullable Instant notAfter() {
            return all.notAfter();
        }

        @Override
        public @Nullable KeyPair keyPair() {
            return null;
        }

        @Override
        public @Nullable RenewalRecord renewal() {
            return all.renewal();
        }

        @Override
        public @Nullable String problem() {
            return all.problem();
        }

        @Override
        public @Nullable String versionOf(Part part) {
            return all.versionOf(part);
        }
    }
}
