package org.wucme.acme;

import java.security.KeyPair;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.wucme.acme.challenge.ChallengeContext;
import org.wucme.acme.pki.CertificateSigningRequest;
import org.wucme.acme.pki.ChainPreference;
import org.wucme.acme.pki.KeyType;

/** What {@link Account#obtain} is asked for. Immutable. */
public final class CertificateRequest {

    private final OrderRequest order;
    private final KeyType keyType;
    private final @Nullable KeyPair key;
    private final @Nullable CertificateSigningRequest csr;
    private final @Nullable Identifier commonName;
    private final @Nullable String resumeUrl;
    private final @Nullable PollingPolicy polling;
    private final @Nullable ChainPreference preferredChain;
    private final Consumer<IssuanceEvent> listener;
    private final ReplacementCheck replacementCheck;
    private final @Nullable ChallengeContext challengeContext;

    private CertificateRequest(Builder builder) {
        this.order = builder.order;
        this.keyType = builder.keyType;
        this.key = builder.key;
        this.csr = builder.csr;
        this.commonName = builder.commonName;
        this.resumeUrl = builder.resumeUrl;
        this.polling = builder.polling;
        this.preferredChain = builder.preferredChain;
        this.listener = builder.listener;
        this.replacementCheck = builder.replacementCheck;
        this.challengeContext = builder.challengeContext;
    }

    /**
     * A certificate for names and addresses, with a new key of type {@link KeyType#EC_P256}; duplicates count once.
     *
     * @throws IllegalArgumentException if one is neither a name nor an address, or if there is none
     */
    public static CertificateRequest of(String... names) {
        return builder(Arrays.stream(names).map(Identifier::of).toList()).build();
    }

    /**
     * A certificate for identifiers, to be configured; duplicates count once.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Builder builder(Collection<Identifier> identifiers) {
        return builder(OrderRequest.of(identifiers));
    }

    /** A certificate by an order, to be configured. */
    public static Builder builder(OrderRequest order) {
        return new Builder(order);
    }

    /** Names and addresses, each once. */
    public List<Identifier> identifiers() {
        return order.identifiers();
    }

    OrderRequest order() {
        return order;
    }

    KeyType keyType() {
        return keyType;
    }

    @Nullable
    KeyPair key() {
        return key;
    }

    @Nullable
    CertificateSigningRequest csr() {
        return csr;
    }

    @Nullable
    Identifier commonName() {
        return commonName;
    }

    @Nullable
    String resumeUrl() {
        return resumeUrl;
    }

    @Nullable
    PollingPolicy polling() {
        return polling;
    }

    @Nullable
    ChainPreference preferredChain() {
        return preferredChain;
    }

    Consumer<IssuanceEvent> listener() {
        return listener;
    }

    ReplacementCheck replacementCheck() {
        return replacementCheck;
    }

    @Nullable
    ChallengeContext challengeContext() {
        return challengeContext;
    }

    /** Configures a request. Not thread-safe; what it builds is. */
    public static final class Builder {

        private final OrderRequest order;
        private KeyType keyType = KeyType.EC_P256;
        private @Nullable KeyPair key;
        private @Nullable CertificateSigningRequest csr;
        private @Nullable Identifier commonName;
        private @Nullable String resumeUrl;
        private @Nullable PollingPolicy polling;
        private @Nullable ChainPreference preferredChain;
        private Consumer<IssuanceEvent> listener = event -> {};
        private ReplacementCheck replacementCheck = predecessor -> {};
        private @Nullable ChallengeContext challengeContext;

        private Builder(OrderRequest order) {
            this.order = order;
        }

        /** The type of the new key. */
        public Builder keyType(KeyType type) {
            this.keyType = type;
            return this;
        }

        /** A key to use instead of a new one; it must not be an account's (RFC 8555 section 11.1). */
        public Builder key(@Nullable KeyPair pair) {
            this.key = pair;
            return this;
        }

        /**
         * A signing request made elsewhere, whose key stays with its owner, such as a device ({@link
         * CertificateSigningRequest#of(Collection, org.wucme.acme.pki.Signer)}). Key type, key and common name are then its
         * own, and {@link IssuedCertificate#key()} is null.
         *
         * @throws IllegalArgumentException if it is not for exactly the names that are asked for
         */
        public Builder csr(@Nullable CertificateSigningRequest request) {
            if (request != null) {
                requireSameNames(request.identifiers());
            }
            this.csr = request;
            return this;
        }

        // Identifiers of other types stand in a request in forms of their own: there the CA is the judge.
        private void requireSameNames(Set<Identifier> requested) {
            Set<Identifier> wanted = order.identifiers().stream()
                    .filter(Identifier::isNameOrAddress)
                    .collect(Collectors.toCollection(LinkedHashSet::new));
            if (!requested.equals(wanted)) {
                throw new IllegalArgumentException("the signing request is for " + requested
                        + " where a certificate for " + wanted + " is asked for");
            }
        }

        /** One of the identifiers as common name too, for software that still looks there. */
        public Builder commonName(@Nullable Identifier name) {
            if (name != null && !order.identifiers().contains(name)) {
                throw new IllegalArgumentException(name + " is not one of the names that are asked for");
            }
            this.commonName = name;
            return this;
        }

        /**
         * URL of an order that was begun earlier, to go on with instead of a new one. If it is finalized already, only the
         * key that it was finalized with can complete it: give it by {@link #key} or {@link #csr}; with another key, it ends
         * in an {@link AcmeProtocolException}, and nothing new is ordered. An order that cannot be completed otherwise (it is
         * not for what is asked, it or one of its authorizations has ended, its key is not given) is left, and a new one made.
         */
        public Builder resume(@Nullable String orderUrl) {
            this.resumeUrl = orderUrl;
            return this;
        }

        /**
         * What decides whether to order although the CA says that another order replaces the predecessor already ({@link
         * OrderRequest#replaces}); by default, one without a predecessor is made.
         */
        public Builder replacementCheck(ReplacementCheck check) {
            this.replacementCheck = check;
            return this;
        }

        /** How to wait for the CA; its timeout holds for everything from the order to the certificate. */
        public Builder polling(PollingPolicy policy) {
            this.polling = policy;
            return this;
        }

        /** Which of the CA's chains to take if it offers it; the CA's own choice if not, or if null. */
        public Builder preferredChain(@Nullable ChainPreference preference) {
            this.preferredChain = preference;
            return this;
        }

        /** Who is told what happens; called from several threads, perhaps at once. What it throws ends the issuance. */
        public Builder listener(Consumer<IssuanceEvent> who) {
            this.listener = who;
            return this;
        }

        /**
         * What is handed to the solvers: a store that other processes and nodes share, so that they answer challenges too. By
         * default, one in memory that all requests by the same {@link AcmeClient} share.
         */
        public Builder challengeContext(@Nullable ChallengeContext context) {
            this.challengeContext = context;
            return this;
        }

        /**
         * The request.
         *
         * @throws IllegalArgumentException if there is a signing request made elsewhere, and a key or common name beside it;
         *     or if there is none, and an identifier is neither a name nor an address
         */
        public CertificateRequest build() {
            if (csr == null) {
                requireNamesAndAddresses();
            }
            if (csr != null && (key != null || commonName != null)) {
                throw new IllegalArgumentException(
                        "a signing request made elsewhere has its own key and common name: give no other");
            }
            return new CertificateRequest(this);
        }

        private void requireNamesAndAddresses() {
            for (Identifier identifier : order.identifiers()) {
                if (!identifier.isNameOrAddress()) {
                    throw new IllegalArgumentException("a signing request for " + identifier.type() + " \""
                            + identifier.value() + "\" cannot be made here: give one made elsewhere by csr");
                }
            }
        }
    }
}
