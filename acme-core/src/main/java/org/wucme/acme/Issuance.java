package org.wucme.acme;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.security.KeyPair;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wucme.acme.challenge.Challenge;
import org.wucme.acme.challenge.ChallengeSolver;
import org.wucme.acme.challenge.ChallengeStatus;
import org.wucme.acme.challenge.KeyAuthorization;
import org.wucme.acme.challenge.Presented;
import org.wucme.acme.challenge.TokenChallenge;
import org.wucme.acme.internal.http.Backoff;
import org.wucme.acme.pki.CertificateChain;
import org.wucme.acme.pki.CertificateSigningRequest;

/** One call of {@link Account#obtain}: from names to a certificate that was checked, written with the steps of Account. */
final class Issuance {

    private static final Logger LOG = LoggerFactory.getLogger(Issuance.class);

    private final Account account;
    private final CertificateRequest request;
    private final List<? extends ChallengeSolver> solvers;
    private final PollingPolicy polling;
    private final Deadline deadline;
    private final Set<Identifier> validated = ConcurrentHashMap.newKeySet();
    private final Answers answers;

    Issuance(Account account, CertificateRequest request, List<? extends ChallengeSolver> solvers) {
        AcmeClient client = account.client();
        PollingPolicy asked = request.polling();
        this.account = account;
        this.request = request;
        this.solvers = List.copyOf(solvers);
        this.polling = asked == null ? client.polling() : asked;
        this.deadline = Deadline.after(polling.timeout(), client.sleeper());
        this.answers = new Answers(account);
    }

    IssuedCertificate run() throws IOException {
        requireKeyOfItsOwn(request.key());
        Order order = resumedOrder().orElse(null);
        if (order == null) {
            order = account.createOrder(OrderRequest.of(request.identifiers()).profile(request.profile()));
        }
        tell(new IssuanceEvent.OrderCreated(order));
        CompletableFuture<SignedKey> key = startMakingKey();
        return finish(prove(order), made(key));
    }

    // RFC 8555 section 11.1: whoever holds a certificate's key must not be able to act for the account.
    private void requireKeyOfItsOwn(@Nullable KeyPair key) {
        if (key != null
                && Arrays.equals(
                        key.getPublic().getEncoded(), account.publicKey().getEncoded())) {
            throw new IllegalArgumentException("the account's key cannot be the certificate's key as well");
        }
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
        boolean sameNames = Set.copyOf(order.identifiers()).equals(Set.copyOf(request.identifiers()));
        boolean finalized = order.status() == OrderStatus.PROCESSING || order.status() == OrderStatus.VALID;
        return sameNames && order.status() != OrderStatus.INVALID && (!finalized || request.key() != null);
    }

    private Order prove(Order order) throws IOException {
        try (Presentations presented = new Presentations()) {
            if (order.status() == OrderStatus.PENDING) {
                Parallel.forEach(order.authorizations(), url -> prove(url, presented));
            }
            Order ready = new OrderWait(account, remaining()).untilReady(order, answers);
            request.identifiers().forEach(this::tellValidated);
            return ready;
        }
    }

    private void prove(String authorizationUrl, Presentations presented) throws IOException {
        Authorization authorization = account.fetchAuthorization(authorizationUrl);
        if (authorization.status() == AuthorizationStatus.VALID) {
            tellValidated(authorization.identifier());
        } else if (authorization.status() == AuthorizationStatus.PENDING) {
            answer(authorization, presented);
        } else {
            throw unusable(authorization);
        }
    }

    private static AcmeException unusable(Authorization authorization) {
        Problem error = authorization.error().orElse(null);
        if (error != null) {
            return new AcmeChallengeException(Map.of(authorization.identifier(), error));
        }
        return new AcmeException(
                "the authorization for " + authorization.identifier() + " at " + authorization.url()
                        + " is of no use: it is "
                        + authorization.status().name().toLowerCase(Locale.ROOT),
                null,
                Advice.NEW_ORDER);
    }

    private void answer(Authorization authorization, Presentations presented) throws IOException {
        Identifier identifier = authorization.identifier();
        for (ChallengeSolver solver : solvers) {
            for (Challenge offered : authorization.challenges()) {
                if (offered instanceof TokenChallenge challenge && solver.canSolve(challenge, identifier)) {
                    answer(challenge, identifier, solver, presented);
                    return;
                }
            }
        }
        String types = authorization.challenges().stream().map(Challenge::type).collect(Collectors.joining(", "));
        throw new AcmeException("there is no way to prove control of " + identifier + ": the CA offers " + types
                + ", and none of the solvers given can do one of these");
    }

    private void answer(
            TokenChallenge challenge, Identifier identifier, ChallengeSolver solver, Presentations presented)
            throws IOException {
        KeyAuthorization answer = account.keyAuthorization(challenge);
        Presented visible = presented.add(solver.present(challenge, identifier, answer));
        visible.awaitVisible(deadline);
        // A challenge of a resumed order may be under way already; one that failed so far is asked to be tried again.
        boolean mustRespond = challenge.status() == ChallengeStatus.PENDING || challenge.error() != null;
        answers.add(identifier, mustRespond ? account.respond(challenge) : challenge);
        tell(new IssuanceEvent.ChallengeStarted(identifier, challenge));
    }

    private IssuedCertificate finish(Order ready, SignedKey key) throws IOException {
        Order order = account.awaitValid(finalizeOrder(ready, key.csr), remaining());
        CertificateChain chain = account.downloadCertificate(order);
        chain.requireFor(
                key.pair.getPublic(),
                request.identifiers(),
                account.client().clock().instant());
        return new IssuedCertificate(chain, key.pair, order.url());
    }

    // A CA of several servers may call an order ready here and not ready there (RFC 8555 section 7.4).
    private Order finalizeOrder(Order ready, CertificateSigningRequest csr) throws IOException {
        Backoff backoff = account.client().transport().newBackoff();
        Order order = ready;
        while (order.status() == OrderStatus.READY) {
            try {
                Order finalized = account.finalizeOrder(order, csr);
                tell(new IssuanceEvent.OrderFinalized(finalized));
                return finalized;
            } catch (AcmeProblemException e) {
                if (!e.problem().is(ProblemType.ORDER_NOT_READY) || !backoff.allowsRetry()) {
                    throw e;
                }
            }
            backoff.sleep();
            order = account.awaitReady(account.fetchOrder(order.url()), remaining());
        }
        return order;
    }

    private CompletableFuture<SignedKey> startMakingKey() {
        return CompletableFuture.supplyAsync(() -> {
            LOG.info("generating certificate request");
            KeyPair given = request.key();
            KeyPair pair = given == null ? request.keyType().generate() : given;
            Identifier commonName = request.commonName();
            return new SignedKey(
                    pair,
                    commonName == null
                            ? CertificateSigningRequest.of(request.identifiers(), pair)
                            : CertificateSigningRequest.withCommonName(commonName, request.identifiers(), pair));
        });
    }

    private static SignedKey made(CompletableFuture<SignedKey> key) throws InterruptedIOException {
        try {
            return key.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while the key was made");
        } catch (ExecutionException e) {
            throw new IllegalArgumentException("the certificate request cannot be made: " + e.getMessage(), e);
        }
    }

    private PollingPolicy remaining() {
        Duration left = deadline.remaining();
        return polling.withTimeout(left.isNegative() ? Duration.ZERO : left);
    }

    private void tellValidated(Identifier identifier) {
        if (validated.add(identifier)) {
            tell(new IssuanceEvent.IdentifierValidated(identifier));
        }
    }

    private void tell(IssuanceEvent event) {
        request.listener().accept(event);
    }

    private record SignedKey(KeyPair pair, CertificateSigningRequest csr) {}
}
