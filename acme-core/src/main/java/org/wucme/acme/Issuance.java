package org.wucme.acme;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wucme.acme.challenge.Challenge;
import org.wucme.acme.challenge.ChallengeSolver;
import org.wucme.acme.challenge.ChallengeStatus;
import org.wucme.acme.challenge.Presented;
import org.wucme.acme.internal.http.Backoff;
import org.wucme.acme.internal.jca.PlatformKeys;
import org.wucme.acme.internal.solving.Solvers;
import org.wucme.acme.internal.text.OneLine;
import org.wucme.acme.pki.CertificateChain;
import org.wucme.acme.pki.CertificateSigningRequest;
import org.wucme.acme.pki.ChainPreference;
import org.wucme.acme.pki.Signer;

/** One call of {@link Account#obtain}: from names to a certificate that was checked, written with the steps of Account. */
final class Issuance {

    private static final Logger LOG = LoggerFactory.getLogger(Issuance.class);
    private static final int MOST_NEW_ORDERS = 3;

    private final Account account;
    private final CertificateRequest request;
    private final List<? extends ChallengeSolver> solvers;
    private final PollingPolicy polling;
    private final Deadline deadline;
    private final Set<Identifier> validated = ConcurrentHashMap.newKeySet();
    private final Set<String> unanswered = ConcurrentHashMap.newKeySet();
    private final Presentations presented = new Presentations();
    private final Answers answers;
    private boolean isFinalizedElsewhere;

    Issuance(Account account, CertificateRequest request, List<? extends ChallengeSolver> solvers) {
        AcmeClient client = account.client();
        PollingPolicy asked = request.polling();
        this.account = account;
        this.request = request;
        this.solvers = List.copyOf(solvers);
        this.polling = asked == null ? client.polling() : asked;
        this.deadline = Deadline.after(polling.timeout(), client.sleeper());
        this.answers = new Answers(account, polling, url -> prove(List.of(url)), this::tell);
    }

    /** The same again by these solvers, in the time that is left of it. */
    private Issuance(Issuance failed, List<? extends ChallengeSolver> solvers) {
        this.account = failed.account;
        this.request = failed.request;
        this.solvers = solvers;
        this.polling = failed.polling;
        this.deadline = failed.deadline;
        this.answers = new Answers(account, polling, url -> prove(List.of(url)), this::tell);
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
                return new Issuance(this, ready).complete(order);
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
        Solvers all = Solvers.of(solvers);
        Optional<String> problem = solvers.isEmpty() ? Optional.empty() : all.problemOf(request.identifiers());
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
        return finish(prove(order), made(key));
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
        return account.client().clock().instant();
    }

    private Order prove(Order order) throws IOException {
        try (presented) {
            Order begun = isOpen(order) && order.authorizations().isEmpty() ? fetchedAgain(order) : order;
            if (isOpen(begun)) {
                prove(begun.authorizations());
            }
            Order ready = new OrderWait(account, remaining()).untilReady(begun, answers);
            request.identifiers().forEach(this::tellValidated);
            return ready;
        } catch (AcmeException e) {
            // An order that may be resumed stays as it is.
            if (!e.isRetryable()) {
                unanswered.addAll(answers.refusedAuthorizations());
                new Abandonment(account).giveUp(unanswered);
            }
            throw e;
        }
    }

    // Of an order whose status is not known, what is valid is found to be so.
    private static boolean isOpen(Order order) {
        return order.status() == OrderStatus.PENDING || order.status() == OrderStatus.UNKNOWN;
    }

    private Order fetchedAgain(Order order) throws IOException {
        return account.fetchOrder(order.url()).withMissingFrom(order);
    }

    // Nothing is answered for one name unless there is a way for all: else the order is lost anyway.
    private void prove(List<String> authorizationUrls) throws IOException {
        Map<String, Authorization> fetched = new ConcurrentHashMap<>();
        Parallel.forEach(authorizationUrls, url -> fetched.put(url, account.fetchAuthorization(url)));
        fetched.forEach(this::note);
        List<Way> ways = new ArrayList<>();
        for (String url : authorizationUrls) {
            Authorization authorization = Objects.requireNonNull(fetched.get(url));
            switch (authorization.status()) {
                case VALID, UNKNOWN -> {}
                case PENDING -> ways.add(wayFor(url, authorization));
                default -> throw unusable(authorization);
            }
        }
        Parallel.forEach(ways, this::answer);
    }

    private void note(String url, Authorization authorization) {
        switch (authorization.status()) {
            case VALID -> tellValidated(authorization.identifier());
            case PENDING -> unanswered.add(url);
            case UNKNOWN -> answers.addUndecided(url);
            default -> LOG.debug("the authorization at {} is {}", url, authorization.status());
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
                        + authorization.status(),
                null,
                Advice.NEW_ORDER);
    }

    private Way wayFor(String url, Authorization authorization) throws AcmeException {
        // Of a resumed order one may be under way, and only one may be answered (RFC 8555 section 7.5.1).
        Stream<Challenge> underWay = authorization.challenges().stream()
                .filter(challenge -> challenge.status() == ChallengeStatus.PROCESSING);
        return wayBy(underWay.toList(), url, authorization)
                .or(() -> wayBy(authorization.challenges(), url, authorization))
                .orElseThrow(() -> noWay(authorization));
    }

    private Optional<Way> wayBy(List<Challenge> challenges, String url, Authorization authorization) {
        Identifier identifier = authorization.identifier();
        return solvers.stream()
                .flatMap(solver -> challenges.stream()
                        .filter(challenge -> solver.canSolve(challenge, identifier))
                        .map(challenge -> new Way(url, identifier, challenge, solver)))
                .findFirst();
    }

    private static AcmeException noWay(Authorization authorization) {
        String types = authorization.challenges().stream().map(Challenge::type).collect(Collectors.joining(", "));
        return new AcmeException("there is no way to prove control of " + authorization.identifier()
                + ": the CA offers "
                + OneLine.of(types)
                + ", and none of the solvers given can do one of these");
    }

    private void answer(Way way) throws IOException {
        Challenge challenge = way.challenge();
        LOG.info("{} for {}: the challenge is at {}", challenge.type(), way.identifier(), OneLine.of(challenge.url()));
        Presented visible = presented.add(way.solver().present(challenge, way.identifier(), account.identity()));
        visible.awaitVisible(deadline);
        // One that is under way is left alone; one that failed so far is asked to be tried again.
        boolean mustRespond = challenge.status() == ChallengeStatus.PENDING || challenge.error() != null;
        Map<String, Object> response = visible.response();
        answers.add(
                new Answers.Answer(way.identifier(), way.authorizationUrl(), challenge.url(), response),
                mustRespond ? account.answer(challenge, response) : new SeenChallenge(challenge, null));
        unanswered.remove(way.authorizationUrl());
        tell(new IssuanceEvent.ChallengeStarted(way.identifier(), challenge));
    }

    private IssuedCertificate finish(Order ready, SignedKey key) throws IOException {
        PublicKey ours = key.csr.publicKey();
        Order order;
        CertificateChain chain;
        try {
            order = account.awaitValid(finalizeOrder(ready, key.csr), remaining());
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
        Backoff backoff = account.client().transport().newBackoff();
        Order order = ready.finalizeUrl() == null ? fetchedAgain(ready) : ready;
        while (order.status() == OrderStatus.READY) {
            Optional<Order> finalized = finalizedOnce(order, csr, backoff);
            if (finalized.isPresent()) {
                return finalized.get();
            }
            backoff.sleep();
            order = account.awaitReady(fetchedAgain(order), remaining());
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
            Order seen = fetchedAgain(ready);
            isFinalizedElsewhere = Account.isFinalized(seen);
            if (!isFinalizedElsewhere && !backoff.allowsRetry()) {
                throw e;
            }
            return isFinalizedElsewhere ? Optional.of(seen) : Optional.empty();
        }
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

    /** The order is none that this attempt can complete, through no fault of its own: another one may be. */
    private static final class OtherOrderException extends AcmeException {
        OtherOrderException(String message) {
            super(message, null, Advice.NEW_ORDER);
        }
    }

    /** How control of an identifier is proven. */
    private record Way(String authorizationUrl, Identifier identifier, Challenge challenge, ChallengeSolver solver) {}

    private record SignedKey(@Nullable KeyPair pair, CertificateSigningRequest csr) {}
}
