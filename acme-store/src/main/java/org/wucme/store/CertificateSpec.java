package org.wucme.store;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.wucme.acme.Ca;
import org.wucme.acme.Identifier;
import org.wucme.acme.pki.ChainPreference;
import org.wucme.acme.pki.KeyType;

/**
 * What is requested: which names, from which CA, and how. Immutable. Two are equal if the CAs in them have the same directory,
 * whatever else is known of these.
 *
 * <pre>{@code
 * CertificateSpec spec = CertificateSpec.builder("www.example.org", "example.org")
 *         .ca(Ca.LETS_ENCRYPT_STAGING)
 *         .keyType(KeyType.RSA_2048)
 *         .build();
 * }</pre>
 *
 * @param name the certificate's own name in the store; null for the name that the store makes from the first identifier
 * @param identifiers names and addresses, in the order in which they are requested; at least one, each once
 * @param ca the CA. Where a spec comes from a store, only its directory URL is known: {@link Ca#of}
 * @param profile the requested profile; null for the CA's default
 * @param preferredChain which of the chains that the CA offers is used, if it offers that one; null for the CA's choice
 * @param challengeType the challenge to solve, such as {@code tls-alpn-01}; null for any
 * @param dnsProvider the name of the DNS provider for dns-01; null for the default
 * @param keyType the type of a new key; null for the default
 * @param keyReuse whether renewals keep the key; otherwise each has a new one
 * @param maintenanceWindow when it is renewed; null for the default of its manager
 */
public record CertificateSpec(
        @Nullable String name,
        List<Identifier> identifiers,
        Ca ca,
        @Nullable String profile,
        @Nullable ChainPreference preferredChain,
        @Nullable String challengeType,
        @Nullable String dnsProvider,
        @Nullable KeyType keyType,
        boolean keyReuse,
        @Nullable MaintenanceWindow maintenanceWindow) {

    /** The type of a new key where none is requested. */
    public static final KeyType DEFAULT_KEY_TYPE = KeyType.EC_P256;

    public CertificateSpec {
        identifiers = List.copyOf(new LinkedHashSet<>(identifiers));
        if (identifiers.isEmpty()) {
            throw new IllegalArgumentException("a certificate has at least one name");
        }
        Objects.requireNonNull(ca, "ca");
    }

    /**
     * For names and addresses, by default from Let's Encrypt.
     *
     * @throws IllegalArgumentException if one is neither a name nor an address
     */
    public static Builder builder(String... hosts) {
        return builder(Arrays.stream(hosts).map(Identifier::of).toList());
    }

    /** For identifiers, by default from Let's Encrypt. */
    public static Builder builder(Collection<Identifier> identifiers) {
        return new Builder(identifiers);
    }

    /** This spec, to be changed. */
    public Builder toBuilder() {
        return new Builder(identifiers)
                .name(name)
                .ca(ca)
                .profile(profile)
                .preferredChain(preferredChain)
                .challengeType(challengeType)
                .dnsProvider(dnsProvider)
                .keyType(keyType)
                .keyReuse(keyReuse)
                .maintenanceWindow(maintenanceWindow);
    }

    /** URL of the CA's directory. */
    public String directoryUrl() {
        return ca.directoryUrl();
    }

    /** The type of a new key. */
    public KeyType effectiveKeyType() {
        return keyType == null ? DEFAULT_KEY_TYPE : keyType;
    }

    /**
     * This spec with the key type, profile, preferred chain and challenge type of another one, as far as that has them: what
     * it does not say stays.
     */
    public CertificateSpec withSettingsOf(CertificateSpec requested) {
        return toBuilder()
                .keyType(requested.keyType == null ? keyType : requested.keyType)
                .profile(requested.profile == null ? profile : requested.profile)
                .preferredChain(requested.preferredChain == null ? preferredChain : requested.preferredChain)
                .challengeType(requested.challengeType == null ? challengeType : requested.challengeType)
                .maintenanceWindow(
                        requested.maintenanceWindow == null ? maintenanceWindow : requested.maintenanceWindow)
                .build();
    }

    /** How this spec differs from an earlier one, in words; empty if it does not. */
    public List<String> differencesFrom(CertificateSpec before) {
        List<String> differences = new ArrayList<>();
        addDifference(differences, "key type", before.effectiveKeyType(), effectiveKeyType());
        addDifference(differences, "profile", before.profile, profile);
        addDifference(differences, "chain of", before.preferredChain, preferredChain);
        addDifference(differences, "challenge", before.challengeType, challengeType);
        addDifference(differences, "maintenance window", before.maintenanceWindow, maintenanceWindow);
        return List.copyOf(differences);
    }

    private static void addDifference(
            List<String> differences, String what, @Nullable Object before, @Nullable Object after) {
        if (!Objects.equals(before, after)) {
            differences.add(what + " " + (after == null ? "by default" : after) + " instead of "
                    + (before == null ? "the default" : before));
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof CertificateSpec that && parts().equals(that.parts());
    }

    @Override
    public int hashCode() {
        return parts().hashCode();
    }

    private List<@Nullable Object> parts() {
        return Arrays.asList(
                name,
                identifiers,
                ca.directoryUrl(),
                profile,
                preferredChain,
                challengeType,
                dnsProvider,
                keyType,
                keyReuse,
                maintenanceWindow);
    }

    /** Puts a spec together; the meaning of each part is that of the record's component. Not thread-safe. */
    public static final class Builder {

        private List<Identifier> identifiers;
        private Ca ca = Ca.LETS_ENCRYPT;
        private @Nullable String name;
        private @Nullable String profile;
        private @Nullable ChainPreference preferredChain;
        private @Nullable String challengeType;
        private @Nullable String dnsProvider;
        private @Nullable KeyType keyType;
        private boolean keyReuse;
        private @Nullable MaintenanceWindow maintenanceWindow;

        private Builder(Collection<Identifier> identifiers) {
            this.identifiers = List.copyOf(identifiers);
        }

        /** See {@link CertificateSpec#name}. */
        public Builder name(@Nullable String value) {
            name = value;
            return this;
        }

        /** See {@link CertificateSpec#identifiers}. */
        public Builder identifiers(Collection<Identifier> value) {
            identifiers = List.copyOf(value);
            return this;
        }

        /** See {@link CertificateSpec#ca}. */
        public Builder ca(Ca value) {
            ca = Objects.requireNonNull(value, "value");
            return this;
        }

        /** See {@link CertificateSpec#profile}. */
        public Builder profile(@Nullable String value) {
            profile = value;
            return this;
        }

        /** See {@link CertificateSpec#preferredChain}. */
        public Builder preferredChain(@Nullable ChainPreference value) {
            preferredChain = value;
            return this;
        }

        /** See {@link CertificateSpec#challengeType}. */
        public Builder challengeType(@Nullable String value) {
            challengeType = value;
            return this;
        }

        /** See {@link CertificateSpec#dnsProvider}. */
        public Builder dnsProvider(@Nullable String value) {
            dnsProvider = value;
            return this;
        }

        /** See {@link CertificateSpec#keyType}. */
        public Builder keyType(@Nullable KeyType value) {
            keyType = value;
            return this;
        }

        /** See {@link CertificateSpec#keyReuse}. */
        public Builder keyReuse(boolean value) {
            keyReuse = value;
            return this;
        }

        /** See {@link CertificateSpec#maintenanceWindow}. */
        public Builder maintenanceWindow(@Nullable MaintenanceWindow value) {
            maintenanceWindow = value;
            return this;
        }

        /**
         * The spec.
         *
         * @throws IllegalArgumentException if it has no identifier
         */
        public CertificateSpec build() {
            return new CertificateSpec(
                    name,
                    identifiers,
                    ca,
                    profile,
                    preferredChain,
                    challengeType,
                    dnsProvider,
                    keyType,
                    keyReuse,
                    maintenanceWindow);
        }
    }
}
