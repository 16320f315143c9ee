package org.wucme.acme;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wucme.acme.challenge.Challenge;
import org.wucme.acme.challenge.ChallengeStatus;

/**
 * The challenges that were answered for one order. Some CAs leave a challenge that failed as it is, pending or processing,
 * with an error, until the client asks to try it again (RFC 8555 section 8.2); most never do, so it is looked for late and
 * seldom, and given up after a while. Thread-safe.
 */
final class Answers {

    private static final Logger LOG = LoggerFactory.getLogger(Answers.class);
    private static final Logger REFUSALS = LoggerFactory.getLogger(IssuanceEvent.REFUSAL_LOGGER);
    private static final Duration FIRST_LOOK = Duration.ofSeconds(10);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(2);

    private final Challenges challenges;
    private final Timing timing;
    private final PollingPolicy policy;
    private final Prover prover;
    private final Consumer<IssuanceEvent> listener;
    private final Map<Identifier, Answer> given = new ConcurrentHashMap<>();
    private final Map<Identifier, Refusal> refused = new ConcurrentHashMap<>();
    private final Set<Identifier> uncounted = ConcurrentHashMap.newKeySet();
    private final Set<String> undecided = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean repeating = new AtomicBoolean();
    private volatile Duration pause = FIRST_LOOK;
    private volatile Deadline nextLook;

    /** Proves what one authorization wants. */
    interface Prover {
        void prove(String authorizationUrl) throws IOException;
    }

    /**
     * A challenge that was answered.
     *
     * @param response what the CA was sent
     */
    record Answer(Identifier identifier, String authorizationUrl, String url, Map<String, Object> response) {}

    /** How a challenge stands, and how the CA is asked to validate it. */
    interface Challenges {
        SeenChallenge fetch(String url) throws IOException;

        SeenChallenge respond(Challenge challenge, Map<String, Object> response) throws IOException;
    }

    /** Of an order whose authorizations were dealt with elsewhere. */
    static Answers none(Timing timing, PollingPolicy policy) {
        return new Answers(new None(), timing, policy, url -> {}, event -> {});
    }

    /**
     * None yet.
     *
     * @param policy says when challenges that fail are given up
     * @param prover what is done for authorizations whose status was not known at first
     * @param listener is notified of attempts that failed
     */
    Answers(
            Challenges challenges,
            Timing timing,
            PollingPolicy policy,
            Prover prover,
            Consumer<IssuanceEvent> listener) {
        this.challenges = challenges;
        this.timing = timing;
        this.policy = policy;
        this.prover = prover;
        this.listener = listener;
        this.nextLook = timing.after(pause);
    }

    /** Notes a challenge that was answered, as the CA showed it last. */
    void add(Answer answer, SeenChallenge seen) {
        given.put(answer.identifier(), answer);
        lookNotWithin(pause);
        noteReply(answer.identifier(), seen);
    }

    /** Notes an authorization with a status that is not known: it is looked at again. */
    void addUndecided(String authorizationUrl) {
        undecided.add(authorizationUrl);
    }

    /** Forgets a challenge that is validated. */
    void settled(Identifier identifier) {
        given.remove(identifier);
        refused.remove(identifier);
    }

    /** Asks again for the challenges that failed so far, if it is time and no other thread does so; for every poll. */
    void repeatFailed() throws IOException {
        if ((given.isEmpty() && undecided.isEmpty())
                || !nextLook.hasPassed()
                || !repeating.compareAndSet(false, true)) {
            return;
        }
        try {
            repeatAll();
        } finally {
            repeating.set(false);
        }
    }

    private void repeatAll() throws IOException {
        List<String> unknown = List.copyOf(undecided);
        undecided.clear();
        Parallel.forEach(unknown, prover::prove);
        Duration doubled = pause.multipliedBy(2);
        pause = doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
        lookNotWithin(pause);
        Parallel.forEach(List.copyOf(given.values()), this::repeatIfFailed);
    }

    /**
     * Ends the wait for a challenge that was refused as often, and for as long, as the policy says.
     *
     * @throws AcmeChallengeException with all that failed so far
     */
    void requireHope() throws AcmeChallengeException {
        for (Map.Entry<Identifier, Refusal> one : refused.entrySet()) {
            Refusal refusal = one.getValue();
            Duration since = Duration.ofNanos(timing.nanoTime() - refusal.firstNanos());
            if (refusal.count() >= policy.refusals() && since.compareTo(policy.refusalTime()) >= 0) {
                Map<Identifier, Problem> failures = refused.entrySet().stream()
                        .collect(Collectors.toMap(
                                Map.Entry::getKey, entry -> entry.getValue().problem()));
                throw new AcmeChallengeException(
                        failures,
                        "; " + one.getKey() + " was given up after " + refusal.count()
                                + " attempts that failed for the same reason in " + since.toSeconds() + " seconds");
            }
        }
    }

    /** The authorizations whose last attempt failed, though the CA may make another. */
    List<String> refusedAuthorizations() {
        return given.values().stream()
                .filter(answer -> refused.containsKey(answer.identifier()))
                .map(Answer::authorizationUrl)
                .toList();
    }

    /** What the CA said went wrong so far, to be put behind a message; empty if it did not. */
    String soFar() {
        return refused.entrySet().stream()
                .map(failure -> "; the last attempt for " + failure.getKey() + " failed: "
                        + failure.getValue().problem().describe())
                .sorted()
                .collect(Collectors.joining());
    }

    // A challenge that cannot be asked must not end the wait: the order tells what counts.
    private void repeatIfFailed(Answer answer) throws IOException {
        Identifier identifier = answer.identifier();
        try {
            SeenChallenge seen = challenges.fetch(answer.url());
            note(identifier, seen);
            if (seen.refusal() != null) {
                LOG.info("asking the CA to validate {} again", identifier);
                noteReply(identifier, challenges.respond(seen.challenge(), answer.response()));
            }
        } catch (AcmeException e) {
            LOG.info("how the challenge for {} stands cannot be asked: {}", identifier, e.getMessage());
        }
    }

    // A CA that validates before it replies shows a new error. One that is still at it shows that of the attempt
    // before.
    private void noteReply(Identifier identifier, SeenChallenge seen) {
        uncounted.add(identifier);
        if (seen.challenge().status() == ChallengeStatus.PROCESSING) {
            obey(seen.retryAt());
        } else {
            note(identifier, seen);
        }
    }

    private void note(Identifier identifier, SeenChallenge seen) {
        Problem problem = seen.refusal();
        if (!seen.isUndecided()) {
            refused.remove(identifier);
            return;
        }
        obey(seen.retryAt());
        // Each attempt once, however often it is seen.
        if (problem != null && uncounted.remove(identifier)) {
            count(identifier, problem);
        }
    }

    private void count(Identifier identifier, Problem problem) {
        long now = timing.nanoTime();
        Refusal before = refused.get(identifier);
        Refusal refusal = before == null ? Refusal.first(problem, now) : before.and(problem, now);
        refused.put(identifier, refusal);
        if (before == null || !before.problem().equals(problem)) {
            REFUSALS.warn(
                    "validation of {} failed so far: the CA says: {}; it is asked to try again, and given up after {}"
                            + " attempts that fail for the same reason, in {} seconds at least",
                    identifier,
                    problem.describe(),
                    policy.refusals(),
                    policy.refusalTime().toSeconds());
        }
        listener.accept(new IssuanceEvent.ChallengeRefused(identifier, problem, refusal.count()));
    }

    private void obey(@Nullable Instant retryAt) {
        if (retryAt != null) {
            lookNotWithin(Duration.between(timing.now(), retryAt));
        }
    }

    // Never earlier than was said of another challenge.
    private synchronized void lookNotWithin(Duration time) {
        if (time.compareTo(nextLook.remaining()) > 0) {
            nextLook = timing.after(time);
        }
    }

    private static final class None implements Challenges {

        @Override
        public SeenChallenge fetch(String url) {
            throw new IllegalStateException("no challenge was answered");
        }

        @Override
        public SeenChallenge respond(Challenge challenge, Map<String, Object> response) {
            throw new IllegalStateException("no challenge was answered");
        }
    }
}
