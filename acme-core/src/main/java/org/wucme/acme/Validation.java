package org.wucme.acme;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wucme.acme.challenge.Challenge;
import org.wucme.acme.challenge.ChallengeContext;
import org.wucme.acme.challenge.ChallengeGroups;
import org.wucme.acme.challenge.ChallengeSolver;
import org.wucme.acme.challenge.ChallengeStatus;
import org.wucme.acme.challenge.ChallengeTask;
import org.wucme.acme.challenge.Lease;
import org.wucme.acme.challenge.Presented;
import org.wucme.acme.challenge.TlsAlpn01;
import org.wucme.acme.internal.text.OneLine;

/**
 * Has the CA validate every identifier of one order: finds a solver for each, has the answers presented, says that they can
 * be seen, and waits. All answers are closed in the end, whatever happens.
 */
final class Validation {

    private static final Logger LOG = LoggerFactory.getLogger(Validation.class);
    // An answer is closed when the attempt ends; this is for clocks that differ, and for what a crash left behind.
    private static final Duration KEPT_LONGER = Duration.ofHours(1);

    private final Account account;
    private final Timing timing;
    private final Terms terms;
    private final Order order;
    private final Presentations presented = new Presentations();
    private final Map<Identifier, Lease> leases = new ConcurrentHashMap<>();
    private final Set<Identifier> validated = ConcurrentHashMap.newKeySet();
    private final Set<String> unanswered = ConcurrentHashMap.newKeySet();
    private final Answers answers;

    /**
     * What an attempt gives for all its orders.
     *
     * @param context what is handed to the solvers
     * @param solvers tried in their order for each identifier
     * @param polling how the CA is waited for; the deadline counts, not its timeout
     */
    record Terms(
            ChallengeContext context,
            List<? extends ChallengeSolver> solvers,
            PollingPolicy polling,
            Deadline deadline,
            Consumer<IssuanceEvent> listener) {

        /** These, with other solvers. */
        Terms with(List<? extends ChallengeSolver> others) {
            return new Terms(context, List.copyOf(others), polling, deadline, listener);
        }

        PollingPolicy remaining() {
            Duration left = deadline.remaining();
            return polling.withTimeout(left.isNegative() ? Duration.ZERO : left);
        }
    }

    Validation(Account account, Timing timing, Terms terms, Order order) {
        this.account = account;
        this.timing = timing;
        this.terms = terms;
        this.order = order;
        this.answers = new Answers(
                new ChallengesOf(account), timing, terms.polling(), url -> prove(List.of(url)), terms.listener());
    }

    /** The order as it is once all identifiers are validated: ready, or further on. */
    Order run() throws IOException {
        try (presented) {
            Order begun = isOpen(order) && order.authorizations().isEmpty() ? fetchedAgain() : order;
            if (isOpen(begun)) {
                prove(begun.authorizations());
            }
            return new OrderWait(account::fetchOrder, account::fetchAuthorization, timing, terms.remaining())
                    .untilReady(begun, answers);
        } catch (AcmeException e) {
            // An order that may be resumed stays as it is.
            if (!e.isRetryable()) {
                unanswered.addAll(answers.refusedAuthorizations());
                new Abandonment(account::deactivateAuthorization).giveUp(unanswered);
            }
            throw e;
        }
    }

    /** Notifies of an identifier that the CA has validated, once. */
    void tellValidated(Identifier identifier) {
        if (validated.add(identifier)) {
            terms.listener().accept(new IssuanceEvent.IdentifierValidated(identifier));
        }
    }

    // Of an order whose status is not known, what is valid is found to be so.
    private static boolean isOpen(Order order) {
        return order.status() == OrderStatus.PENDING || order.status() == OrderStatus.UNKNOWN;
    }

    private Order fetchedAgain() throws IOException {
        return account.fetchOrder(order.url()).withMissingFrom(order);
    }

    // Nothing is answered for one name unless there is a way for all: else the order is lost anyway.
    private void prove(List<String> authorizationUrls) throws IOException {
        Map<String, Authorization> fetched = fetched(authorizationUrls);
        fetched.forEach(this::note);
        Instant expires = timing.now().plus(terms.remaining().timeout()).plus(KEPT_LONGER);
        List<Way> ways = new ArrayList<>();
        for (String url : authorizationUrls) {
            Authorization authorization = Objects.requireNonNull(fetched.get(url));
            switch (authorization.status()) {
                case VALID, UNKNOWN -> {}
                case PENDING -> ways.add(wayFor(url, authorization, expires));
                default -> throw unusable(authorization);
            }
        }
        leaseNamesOf(ways);
        Parallel.forEach(steps(ways), Step::take);
    }

    private Map<String, Authorization> fetched(List<String> authorizationUrls) throws IOException {
        Map<String, Authorization> fetched = new ConcurrentHashMap<>();
        Parallel.forEach(authorizationUrls, url -> fetched.put(url, account.fetchAuthorization(url)));
        return fetched;
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

    private Way wayFor(String url, Authorization authorization, Instant expires) throws AcmeException {
        // Of a resumed order one may be under way, and only one may be answered (RFC 8555 section 7.5.1).
        Stream<Challenge> underWay = authorization.challenges().stream()
                .filter(challenge -> challenge.status() == ChallengeStatus.PROCESSING);
        return wayBy(underWay.toList(), url, authorization, expires)
                .or(() -> wayBy(authorization.challenges(), url, authorization, expires))
                .orElseThrow(() -> noWay(authorization));
    }

    private Optional<Way> wayBy(List<Challenge> challenges, String url, Authorization authorization, Instant expires) {
        Identifier identifier = authorization.identifier();
        return terms.solvers().stream()
                .flatMap(solver -> challenges.stream()
                        .filter(challenge -> solver.canSolve(challenge, identifier))
                        .map(challenge -> new ChallengeTask(challenge, identifier, account.identity(), expires))
                        .map(task -> new Way(url, task, solver)))
                .findFirst();
    }

    private static AcmeException noWay(Authorization authorization) {
        String types = authorization.challenges().stream().map(Challenge::type).collect(Collectors.joining(", "));
        return new AcmeException("there is no way to prove control of " + authorization.identifier()
                + ": the CA offers "
                + OneLine.of(types)
                + ", and none of the solvers given can do one of these");
    }

    // A handshake does not tell for which order it is. Always in the same order, before anything is presented: two
    // orders
    // for the same names must not wait for each other.
    private void leaseNamesOf(List<Way> ways) throws IOException {
        List<Identifier> identifiers = ways.stream()
                .filter(way -> way.challenge() instanceof TlsAlpn01)
                .map(Way::identifier)
                .sorted(Comparator.comparing(Identifier::type).thenComparing(Identifier::value))
                .toList();
        for (Identifier identifier : identifiers) {
            leases.put(identifier, presented.until(leased(identifier)));
        }
    }

    private Lease leased(Identifier identifier) throws IOException {
        String name = "identifier/" + TlsAlpn01.serverName(identifier).toLowerCase(Locale.ROOT);
        return terms.context()
                .lease(name, terms.remaining().timeout())
                .orElseThrow(() -> new AcmeException(
                        "another order validates " + identifier
                                + " by tls-alpn-01 and was not done in time; retry later",
                        null,
                        Advice.WAIT));
    }

    // Solvers do not wait for each other, nor does one that presents all at the same time for the slowest of its
    // answers.
    private List<Step> steps(List<Way> ways) throws IOException {
        IdentityHashMap<ChallengeSolver, List<Way>> bySolver = new IdentityHashMap<>();
        ways.forEach(way -> bySolver.computeIfAbsent(way.solver(), solver -> new ArrayList<>())
                .add(way));
        List<Step> steps = new ArrayList<>();
        for (Map.Entry<ChallengeSolver, List<Way>> each : bySolver.entrySet()) {
            steps.addAll(steps(each.getKey(), each.getValue()));
        }
        return steps;
    }

    private List<Step> steps(ChallengeSolver solver, List<Way> ways) throws IOException {
        List<ChallengeTask> tasks = ways.stream().map(Way::task).toList();
        List<List<Group>> rounds = rounds(solver.groups(tasks, terms.context()), ways);
        return rounds.size() == 1
                ? rounds.get(0).stream().<Step>map(group -> () -> answer(group)).toList()
                : List.of(() -> answerInTurn(rounds));
    }

    private static List<List<Group>> rounds(ChallengeGroups groups, List<Way> ways) {
        Map<ChallengeTask, Way> byTask =
                ways.stream().collect(Collectors.toMap(Way::task, Function.identity(), (a, b) -> a));
        List<ChallengeTask> grouped = groups.tasks();
        if (grouped.size() != ways.size() || !Set.copyOf(grouped).equals(byTask.keySet())) {
            throw new IllegalStateException("a solver was given " + ways.size()
                    + " challenges of an order, and must put each of them in exactly one group");
        }
        return groups.rounds().stream()
                .map(round -> round.groups().stream()
                        .map(group -> new Group(
                                group,
                                group.stream()
                                        .map(task -> Objects.requireNonNull(byTask.get(task)))
                                        .toList()))
                        .toList())
                .toList();
    }

    // The last one is waited for with the order.
    private void answerInTurn(List<List<Group>> rounds) throws IOException {
        for (List<Group> round : rounds.subList(0, rounds.size() - 1)) {
            List<Presented> shown = new CopyOnWriteArrayList<>();
            Parallel.forEach(round, group -> shown.add(answer(group)));
            awaitValidated(
                    round.stream().flatMap(group -> group.ways().stream()).toList());
            shown.forEach(presented::close);
        }
        Parallel.forEach(rounds.get(rounds.size() - 1), this::answer);
    }

    private Presented answer(Group group) throws IOException {
        for (Way way : group.ways()) {
            Challenge challenge = way.challenge();
            LOG.info(
                    "{} for {}: the challenge is at {}",
                    challenge.type(),
                    way.identifier(),
                    OneLine.of(challenge.url()));
        }
        Presented visible = presented.add(group.solver().presentTogether(group.tasks(), terms.context()));
        visible.awaitVisible(terms.deadline());
        Parallel.forEach(group.ways(), way -> respond(way, visible.response(way.challenge())));
        return visible;
    }

    private void respond(Way way, Map<String, Object> response) throws IOException {
        requireLease(way.identifier());
        Challenge challenge = way.challenge();
        // One that is under way is left alone; one that failed so far is asked to be tried again.
        boolean mustRespond = challenge.status() == ChallengeStatus.PENDING || challenge.error() != null;
        answers.add(
                new Answers.Answer(way.identifier(), way.authorizationUrl(), challenge.url(), response),
                mustRespond ? account.respond(challenge, response) : new SeenChallenge(challenge, null));
        unanswered.remove(way.authorizationUrl());
        terms.listener().accept(new IssuanceEvent.ChallengeStarted(way.identifier(), challenge));
    }

    private void requireLease(Identifier identifier) throws AcmeException {
        Lease lease = leases.get(identifier);
        if (lease != null && !lease.isHeld()) {
            throw new AcmeException(
                    "the lease " + lease.name() + " was lost before the CA was asked to validate; retry",
                    null,
                    Advice.RETRY);
        }
    }

    private void awaitValidated(List<Way> ways) throws IOException {
        List<String> pending = ways.stream().map(Way::authorizationUrl).toList();
        Polls polls = new Polls(timing, terms.remaining());
        while (!pending.isEmpty()) {
            polls.pause(
                    "of the order at " + order.url() + ", " + pending.size() + " authorizations are still pending",
                    order.url(),
                    answers);
            Map<String, Authorization> seen = fetched(pending);
            pending = undecided(seen);
            polls.seen(latest(seen.values()));
        }
    }

    private List<String> undecided(Map<String, Authorization> seen) throws AcmeException {
        Map<Identifier, Problem> failures = new HashMap<>();
        List<String> pending = new ArrayList<>();
        List<Authorization> lost = new ArrayList<>();
        seen.forEach((url, authorization) -> {
            Identifier identifier = authorization.identifier();
            switch (authorization.status()) {
                case VALID -> {
                    answers.settled(identifier);
                    tellValidated(identifier);
                }
                case PENDING, UNKNOWN -> pending.add(url);
                default -> {
                    lost.add(authorization);
                    authorization.error().ifPresent(problem -> failures.put(identifier, problem));
                }
            }
        });
        if (!failures.isEmpty()) {
            throw new AcmeChallengeException(failures);
        }
        if (!lost.isEmpty()) {
            throw unusable(lost.get(0));
        }
        return pending;
    }

    private static @Nullable Instant latest(Collection<Authorization> seen) {
        return seen.stream()
                .flatMap(authorization -> Optional.ofNullable(authorization.retryAt()).stream())
                .max(Comparator.naturalOrder())
                .orElse(null);
    }

    private interface Step {
        void take() throws IOException;
    }

    /** How control of an identifier is proven. */
    private record Way(String authorizationUrl, ChallengeTask task, ChallengeSolver solver) {

        Challenge challenge() {
            return task.challenge();
        }

        Identifier identifier() {
            return task.identifier();
        }
    }

    /** What is presented by one call of its solver. */
    private record Group(List<ChallengeTask> tasks, List<Way> ways) {

        ChallengeSolver solver() {
            return ways.get(0).solver();
        }
    }

    private record ChallengesOf(Account account) implements Answers.Challenges {

        @Override
        public SeenChallenge fetch(String url) throws IOException {
            return account.fetchChallenge(url);
        }

        @Override
        public SeenChallenge respond(Challenge challenge, Map<String, Object> response) throws IOException {
            return account.respond(challenge, response);
        }
    }
}
