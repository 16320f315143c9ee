package org.wucme.acme;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wucme.acme.challenge.ChallengeSolver;
import org.wucme.acme.internal.http.Backoff;
import org.wucme.acme.internal.jca.PlatformKeys;
import org.wucme.acme.internal.solving.Solvers;
import org.wucme.acme.pki.CertificateChain;
import org.wucme.acme.pki.CertificateSigningRequest;
import org.wucme.acme.pki.ChainPreference;
import org.wucme.acme.pki.Signer;

/** One call of {@link Account#obtain}: from names to a certificate that was checked, written with the steps of Account. */
final class Issuance {

    private static final Logger LOG = LoggerFactory.getLogger(Issuance.class);
    private static final int MOST_NEW_ORDERS = 3;

    private final Account account;
    private final Timing timing;
    private final CertificateRequest request;
    private final Validation.Terms terms;
    private boolean isFinalizedElsewhere;

    Issuance(Account account, Timing timing, CertificateRequest request, Validation.Terms terms) {
        this.account = account;
        this.timing = timing;
        this.request = request;
        this.terms = terms;
    }

    IssuedCertificate run() throws IOException {
        PublicKey given = givenKey();
        if (given != null) {
            account.requireNotItsKey(given);
        }
        Order resumed = resumedOrder().orElse(null);
        if (resumed == null) {
            return completeNew();
        }
        try {
            return complete(resumed);
        } catch (AcmeException e) {
            if (e.advice() != Advice.NEW_ORDER) {
                throw e;
            }
            LOG.info("the order at {} cannot be resumed, so a new one is made: {}", resumed.url(), e.getMessage());
        }
        return completeNew();
    }

    // Some CAs answer newOrder with an order that they have already, which may be that of another node.
    private IssuedCertificate completeNew() throws IOException {
        List<ChallengeSolver> ready = readySolvers();
        for (int orders = 1; ; orders++) {
            Order order = createdOrder();
            try {
                requireOurs(order);
                return new Issuance(account, timing, request, terms.with(ready)).complete(order);
            } catch (OtherOrderException e) {
                if (orders == MOST_NEW_ORDERS) {
                    throw e;
                }
                LOG.warn("{}; creating another", e.getMessage());
            }
        }
    }

    // An order that cannot be completed costs the CA, and one of its limits. Without any solver, all must be valid
    // already.
    private List<ChallengeSolver> readySolvers() throws IOException {
        Solvers all = Solvers.of(terms.solvers());
        Optional<String> problem = terms.solvers().isEmpty() ? Optional.empty() : all.problemOf(request.identifiers());
        if (problem.isPresent()) {
            throw new AcmeException(problem.get());
        }
        return all.ready(request.identifiers()).toList();
    }

    private Order createdOrder() throws IOException {
        return account.createOrder(request.order(), request.replacementCheck());
    }

    // One that is invalid is left to the wait for it, which says why.
    private void requireOurs(Order created) throws OtherOrderException {
        if (!created.mayBeFor(request.identifiers())) {
            throw new OtherOrderException(
                    "the CA answers with the order at " + created.url() + ", which is for " + created.identifiers());
        }
        boolean isTaken = created.status() == OrderStatus.VALID
                || created.status() == OrderStatus.PROCESSING
                || created.status() == OrderStatus.CANCELED;
        if (isTaken) {
            throw new OtherOrderException("the CA answers with the order at " + created.url() + ", which is "
                    + created.status() + " already");
        }
    }

    private IssuedCertificate complete(Order order) throws IOException {
        tell(new IssuanceEvent.OrderCreated(order));
        CompletableFuture<SignedKey> key = startMakingKey();
        Validation validation = new Validation(account, timing, terms, order);
        Order ready = validation.run();
        request.identifiers().forEach(validation::tellValidated);
        return finish(ready, made(key));
    }

    private @Nullable PublicKey givenKey() {
        KeyPair key = request.key();
        CertificateSigningRequest csr = request.csr();
        return key != null ? key.getPublic() : csr != null ? csr.publicKey() : null;
    }

    private Optional<Order> resumedOrder() throws IOException {
        String url = request.resumeUrl();
        if (url == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(account.fetchOrder(url)).filter(this::canBeCompleted);
        } catch (AcmeProblemException e) {
            if (e.isRetryable()) {
                throw e;
            }
            LOG.info("the order at {} cannot be resumed, so a new one is made: {}", url, e.getMessage());
            return Optional.empty();
        }
    }

    private boolean canBeCompleted(Order order) {
        return isForWhatIsAsked(order)
                && switch (order.status()) {
                    case PENDING, READY -> !hasExpired(order);
                    case PROCESSING, VALID -> givenKey() != null;
                    case INVALID, CANCELED -> false;
                    case UNKNOWN -> true;
                };
    }

    private boolean isForWhatIsAsked(Order order) {
        OrderRequest asked = request.order();
        boolean otherProfile = asked.profile() != null
                && order.profile() != null
                && !asked.profile().equals(order.profile());
        return order.mayBeFor(asked.identifiers())
                && (asked.autoRenewal() == null) == (order.autoRenewal() == null)
                && !otherProfile;
    }

    private boolean hasExpired(Order order) {
        Instant expires = order.expires();
        return expires != null && !now().isBefore(expires);
    }

    private Instant now() {
        return timing.now();
    }

    private IssuedCertificate finish(Order ready, SignedKey key) throws IOException {
        PublicKey ours = key.csr.publicKey();
        Order order;
        CertificateChain chain;
        try {
            order = account.awaitValid(finalizeOrder(ready, key.csr), terms.remaining());
            chain = download(order).inOrderFor(ours, request.identifiers());
        } catch (AcmeProtocolException e) {
            // The CA may have issued: what it did is asked for again later, rather than another certificate.
            throw e.ofReply();
        }
        if (isFinalizedElsewhere && !PlatformKeys.isSame(ours, chain.leaf().getPublicKey())) {
            throw new OtherOrderException("the order at " + order.url() + " was finalized elsewhere, with another key");
        }
        chain.requireLeafFor(ours, request.identifiers(), beginOfUse());
        requireLinks(chain, order);
        return new IssuedCertificate(chain, key.pair, order.url());
    }

    // The right certificate with a wrong issuer above it is not given up while its order lasts: the CA may correct
    // that.
    private void requireLinks(CertificateChain chain, Order order) throws AcmeProtocolException {
        try {
            chain.requireLinks();
        } catch (AcmeProtocolException e) {
            throw hasExpired(order) ? e : e.ofReply();
        }
    }

    // A CA of several servers may call an order ready here and not ready there (RFC 8555 section 7.4); and of two nodes
    // that were given the same order, one finalizes it first.
    private Order finalizeOrder(Order ready, CertificateSigningRequest csr) throws IOException {
        Backoff backoff = timing.newBackoff();
        Order order = ready.finalizeUrl() == null ? fetched(ready) : ready;
        while (order.status() == OrderStatus.READY) {
            Optional<Order> finalized = finalizedOnce(order, csr, backoff);
            if (finalized.isPresent()) {
                return finalized.get();
            }
            backoff.sleep();
            order = account.awaitReady(fetched(order), terms.remaining());
        }
        return order;
    }

    private Optional<Order> finalizedOnce(Order ready, CertificateSigningRequest csr, Backoff backoff)
            throws IOException {
        try {
            Order finalized = account.finalizeOnce(ready, csr);
            tell(new IssuanceEvent.OrderFinalized(finalized));
            return Optional.of(finalized);
        } catch (AcmeProblemException e) {
            if (!e.problem().is(ProblemType.ORDER_NOT_READY)) {
                throw e;
            }
            Order seen = fetched(ready);
            isFinalizedElsewhere = seen.isFinalized();
            if (!isFinalizedElsewhere && !backoff.allowsRetry()) {
                throw e;
            }
            return isFinalizedElsewhere ? Optional.of(seen) : Optional.empty();
        }
    }

    private Order fetched(Order order) throws IOException {
        return account.fetchOrder(order.url()).withMissingFrom(order);
    }

    private CertificateChain download(Order valid) throws IOException {
        ChainPreference preference = request.preferredChain();
        return preference == null ? account.downloadCertificate(valid) : account.downloadCertificate(valid, preference);
    }

    // A certificate that was ordered for later is not yet valid now.
    private Instant beginOfUse() {
        OrderRequest asked = request.order();
        AutoRenewal renewal = asked.autoRenewal();
        Instant ordered = renewal == null ? asked.notBefore() : renewal.startDate();
        Instant now = now();
        return ordered != null && ordered.isAfter(now) ? ordered : now;
    }

    private CompletableFuture<SignedKey> startMakingKey() {
        // In a thread of its own: the common pool is the application's.
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return makeKey();
                    } catch (IOException e) {
                        throw new CompletionException(e);
                    }
                },
                task -> Parallel.daemon(task).start());
    }

    private SignedKey makeKey() throws IOException {
        CertificateSigningRequest csr = request.csr();
        if (csr != null) {
            return new SignedKey(null, csr);
        }
        LOG.info("generating certificate request");
        KeyPair given = request.key();
        KeyPair pair = given == null ? request.keyType().generate() : given;
        Signer signer = Signer.of(pair);
        Identifier commonName = request.commonName();
        return new SignedKey(
                pair,
                commonName == null
                        ? CertificateSigningRequest.of(request.identifiers(), signer)
                        : CertificateSigningRequest.withCommonName(commonName, request.identifiers(), signer));
    }

    private static SignedKey made(CompletableFuture<SignedKey> key) throws IOException {
        try {
            return key.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while the key was made");
        } catch (ExecutionException e) {
            String message = "the certificate request cannot be made: ";
            if (e.getCause() instanceof IOException failure) {
                throw new AcmeException(message + failure.getMessage(), failure);
            }
            throw new IllegalArgumentException(message + e.getMessage(), e);
        }
    }

    private void tell(IssuanceEvent event) {
        request.listener().accept(event);
    }

    /** The order is none that this attempt can complete, through no fault of its own: another one may be. */
    private static final class OtherOrderException extends AcmeException {
        OtherOrderException(String message) {
            super(message, null, Advice.NEW_ORDER);
        }
    }

    private record SignedKey(@Nullable KeyPair pair, CertificateSigningRequest csr) {}
}
