package org.wucme.store;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.wucme.acme.Identifier;
import org.wucme.acme.pki.ChainPreference;
import org.wucme.acme.pki.KeyType;

/**
 * How a certificate was asked for, and how its renewal stands. Immutable.
 *
 * @param identifiers the names and addresses, in the order they were asked for; at least one, each once
 * @param directoryUrl the CA's directory
 * @param accountUrl the account that ordered it; null if not known
 * @param profile the profile asked for; null for the CA's default
 * @param preferredChain which of the chains that the CA offers is taken, if it offers that one; null for the CA's choice
 * @param challengeType the challenge to solve, such as {@code tls-alpn-01}; null for any
 * @param keyType the type of key to make; null for the default
 * @param keyReuse whether renewals keep the key; a new one is made for each otherwise
 * @param keyCompromised whether somebody else may know the present key: then the certificate is renewed at once, with a new
 *     key whatever {@code keyReuse} says
 * @param unmanaged whether it is left alone: neither renewed nor deployed, while servers go on using it
 * @param issuedBy the directory of the CA that the present certificate came from, if another one had to stand in for {@code
 *     directoryUrl}; null otherwise
 * @param obtained when this client obtained the present certificate, by its own clock; null if not known, as of one that
 *     was imported
 * @param renewedEarly whether the present certificate came early because the CA suggested so: then its CA's suggestions make
 *     it due no sooner than its age does
 * @param ari the moment chosen from the CA's suggestion; null if it was not asked yet
 * @param failures how many attempts have failed since the last success
 * @param lastProblem why the last one failed; null if none did
 * @param failedAuthorizations when names could not be proven lately; CAs count these
 * @param nextAttempt not to be tried before; null if nothing holds it back
 * @param unreachableCa directory of the CA that was out of service when the last attempt failed: the first success there ends
 *     the backoff; null if the attempt failed for another reason
 * @param refusedSettings digest of the settings that the last attempt failed under, if they may be the reason: other settings
 *     end the backoff; null if they are not
 * @param pendingOrder URL of an order that was begun and not finished; null if there is none
 * @param deploymentsOwed names of what is known to be still to be carried out with the present certificate, such as that a
 *     server loads it; whoever has others to carry out sees by {@code deployed} what is left
 * @param deployed names of what was carried out with the present certificate, in that order
 * @param deploymentFailure why the next was not carried out yet; null if it did not fail
 */
public record RenewalRecord(
        List<Identifier> identifiers,
        String directoryUrl,
        @Nullable String accountUrl,
        @Nullable String profile,
        @Nullable ChainPreference preferredChain,
        @Nullable String challengeType,
        @Nullable KeyType keyType,
        boolean keyReuse,
        boolean keyCompromised,
        boolean unmanaged,
        @Nullable String issuedBy,
        @Nullable Instant obtained,
        boolean renewedEarly,
        @Nullable AriChoice ari,
        int failures,
        @Nullable String lastProblem,
        List<Instant> failedAuthorizations,
        @Nullable Instant nextAttempt,
        @Nullable String unreachableCa,
        @Nullable String refusedSettings,
        @Nullable String pendingOrder,
        List<String> deploymentsOwed,
        List<String> deployed,
        @Nullable DeploymentFailure deploymentFailure) {

    public RenewalRecord {
        identifiers = List.copyOf(new LinkedHashSet<>(identifiers));
        if (identifiers.isEmpty()) {
            throw new IllegalArgumentException("a certificate has at least one name");
        }
        Objects.requireNonNull(directoryUrl, "directoryUrl");
        if (failures < 0) {
            throw new IllegalArgumentException("failures cannot be " + failures);
        }
        failedAuthorizations = List.copyOf(failedAuthorizations);
        deploymentsOwed = List.copyOf(deploymentsOwed);
        deployed = List.copyOf(deployed);
    }

    /** The directory of the CA that the present certificate came from. */
    public String issuer() {
        return issuedBy == null ? directoryUrl : issuedBy;
    }

    /** A record with these names and this CA, and nothing else yet. */
    public static Builder builder(Collection<Identifier> identifiers, String directoryUrl) {
        return new Builder(List.copyOf(identifiers), directoryUrl);
    }

    /**
     * This record with the key type, profile, preferred chain and challenge type of another one, as far as that has them: what
     * it does not say stays. It is managed if the other one is.
     */
    public RenewalRecord withSettingsOf(RenewalRecord requested) {
        return toBuilder()
                .keyType(requested.keyType == null ? keyType : requested.keyType)
                .profile(requested.profile == null ? profile : requested.profile)
                .preferredChain(requested.preferredChain == null ? preferredChain : requested.preferredChain)
                .challengeType(requested.challengeType == null ? challengeType : requested.challengeType)
                .unmanaged(requested.unmanaged)
                .build();
    }

    /**
     * How key type, profile, preferred chain and challenge type differ from those of another record, and whether it is managed, in
     * words; empty if they do not.
     */
    public List<String> settingsChangedSince(RenewalRecord before) {
        List<String> changes = new ArrayList<>();
        addChange(changes, "key type", effective(before.keyType), effective(keyType));
        addChange(changes, "profile", before.profile, profile);
        addChange(changes, "chain of", before.preferredChain, preferredChain);
        addChange(changes, "challenge", before.challengeType, challengeType);
        if (before.unmanaged != unmanaged) {
            changes.add(unmanaged ? "not managed any more" : "managed again");
        }
        return changes;
    }

    private static KeyType effective(@Nullable KeyType type) {
        return type == null ? KeyType.EC_P256 : type;
    }

    private static void addChange(List<String> changes, String what, @Nullable Object before, @Nullable Object after) {
        if (!Objects.equals(before, after)) {
            changes.add(what + " " + (after == null ? "by default" : after) + " instead of "
                    + (before == null ? "the default" : before));
        }
    }

    /** This record, to be changed. */
    public Builder toBuilder() {
        return new Builder(identifiers, directoryUrl)
                .accountUrl(accountUrl)
                .profile(profile)
                .preferredChain(preferredChain)
                .challengeType(challengeType)
                .keyType(keyType)
                .keyReuse(keyReuse)
                .keyCompromised(keyCompromised)
                .unmanaged(unmanaged)
                .issuedBy(issuedBy)
                .obtained(obtained)
                .renewedEarly(renewedEarly)
                .ari(ari)
                .failures(failures)
                .lastProblem(lastProblem)
                .failedAuthorizations(failedAuthorizations)
                .nextAttempt(nextAttempt)
                .unreachableCa(unreachableCa)
                .refusedSettings(refusedSettings)
                .pendingOrder(pendingOrder)
                .deploymentsOwed(deploymentsOwed)
                .deployed(deployed)
                .deploymentFailure(deploymentFailure);
    }

    /** Puts a record together; the meaning of each part is that of the record's component. Not thread-safe. */
    public static final class Builder {

        private List<Identifier> identifiers;
        private String directoryUrl;
        private @Nullable String accountUrl;
        private @Nullable String profile;
        private @Nullable ChainPreference preferredChain;
        private @Nullable String challengeType;
        private @Nullable KeyType keyType;
        private boolean keyReuse;
        private boolean keyCompromised;
        private boolean unmanaged;
        private @Nullable String issuedBy;
        private @Nullable Instant obtained;
        private boolean renewedEarly;
        private @Nullable AriChoice ari;
        private int failures;
        private @Nullable String lastProblem;
        private List<Instant> failedAuthorizations = List.of();
        private @Nullable Instant nextAttempt;
        private @Nullable String unreachableCa;
        private @Nullable String refusedSettings;
        private @Nullable String pendingOrder;
        private List<String> deploymentsOwed = List.of();
        private List<String> deployed = List.of();
        private @Nullable DeploymentFailure deploymentFailure;

        private Builder(List<Identifier> identifiers, String directoryUrl) {
            this.identifiers = identifiers;
            this.directoryUrl = directoryUrl;
        }

        public Builder identifiers(Collection<Identifier> value) {
            identifiers = List.copyOf(value);
            return this;
        }

        public Builder directoryUrl(String value) {
            directoryUrl = value;
            return this;
        }

        public Builder accountUrl(@Nullable String value) {
            accountUrl = value;
            return this;
        }

        public Builder profile(@Nullable String value) {
            profile = value;
            return this;
        }

        public Builder preferredChain(@Nullable ChainPreference value) {
            preferredChain = value;
            return this;
        }

        public Builder challengeType(@Nullable String value) {
            challengeType = value;
            return this;
        }

        public Builder keyType(@Nullable KeyType value) {
            keyType = value;
            return this;
        }

        public Builder keyReuse(boolean value) {
            keyReuse = value;
            return this;
        }

        public Builder keyCompromised(boolean value) {
            keyCompromised = value;
            return this;
        }

        public Builder unmanaged(boolean value) {
            unmanaged = value;
            return this;
        }

        public Builder issuedBy(@Nullable String value) {
            issuedBy = value;
            return this;
        }

        public Builder obtained(@Nullable Instant value) {
            obtained = value;
            return this;
        }

        public Builder renewedEarly(boolean value) {
            renewedEarly = value;
            return this;
        }

        public Builder ari(@Nullable AriChoice value) {
            ari = value;
            return this;
        }

        public Builder failures(int value) {
            failures = value;
            return this;
        }

        public Builder lastProblem(@Nullable String value) {
            lastProblem = value;
            return this;
        }

        public Builder failedAuthorizations(Collection<Instant> value) {
            failedAuthorizations = List.copyOf(value);
            return this;
        }

        public Builder nextAttempt(@Nullable Instant value) {
            nextAttempt = value;
            return this;
        }

        public Builder unreachableCa(@Nullable String value) {
            unreachableCa = value;
            return this;
        }

        public Builder refusedSettings(@Nullable String value) {
            refusedSettings = value;
            return this;
        }

        public Builder pendingOrder(@Nullable String value) {
            pendingOrder = value;
            return this;
        }

        public Builder deploymentsOwed(Collection<String> value) {
            deploymentsOwed = List.copyOf(value);
            return this;
        }

        public Builder deployed(Collection<String> value) {
            deployed = List.copyOf(value);
            return this;
        }

        public Builder deploymentFailure(@Nullable DeploymentFailure value) {
            deploymentFailure = value;
            return this;
        }

        /** The record. */
        public RenewalRecord build() {
            return new RenewalRecord(
                    identifiers,
                    directoryUrl,
                    accountUrl,
                    profile,
                    preferredChain,
                    challengeType,
                    keyType,
                    keyReuse,
                    keyCompromised,
                    unmanaged,
                    issuedBy,
                    obtained,
                    renewedEarly,
                    ari,
                    failures,
                    lastProblem,
                    failedAuthorizations,
                    nextAttempt,
                    unreachableCa,
                    refusedSettings,
                    pendingOrder,
                    deploymentsOwed,
                    deployed,
                    deploymentFailure);
        }
    }
}
