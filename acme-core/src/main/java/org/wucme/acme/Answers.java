package org.wucme.acme;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wucme.acme.challenge.Challenge;
import org.wucme.acme.challenge.ChallengeStatus;

/**
 * The challenges that were answered for one order. Some CAs leave a challenge that failed as it is, pending or processing,
 * with an error, until the client asks to try it again (RFC 8555 section 8.2); most never do, so it is looked for late and
 * seldom. Thread-safe.
 */
final class Answers {

    private static final Logger LOG = LoggerFactory.getLogger(Answers.class);
    private static final Duration FIRST_LOOK = Duration.ofSeconds(10);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(2);

    private final Account account;
    private final Map<Identifier, Answer> given = new ConcurrentHashMap<>();
    private final Map<Identifier, Problem> failedSoFar = new ConcurrentHashMap<>();
    private final Set<String> undecided = ConcurrentHashMap.newKeySet();
    private final Prover prover;
    private Duration pause = FIRST_LOOK;
    private volatile Deadline nextLook;

    /** Proves what one authorization wants. */
    interface Prover {
        void prove(String authorizationUrl) throws IOException;
    }

    /** Of an order whose authorizations were dealt with elsewhere. */
    Answers(Account account) {
        this(account, url -> {});
    }

    /** With what is done for authorizations whose status was not known at first. */
    Answers(Account account, Prover prover) {
        this.account = account;
        this.prover = prover;
        this.nextLook = nextLook();
    }

    /** Notes a challenge that was answered, as the CA showed it last, with what the CA was sent. */
    void add(Identifier identifier, Challenge challenge, Map<String, Object> response) {
        given.put(identifier, new Answer(challenge.url(), response));
        nextLook = nextLook();
        note(identifier, challenge);
    }

    /** Notes an authorization with a status that is not known: it is looked at again. */
    void addUndecided(String authorizationUrl) {
        undecided.add(authorizationUrl);
    }

    /** Asks again for the challenges that failed so far, if it is time; to be called by one thread, at every look. */
    void repeatFailed() throws IOException {
        if ((given.isEmpty() && undecided.isEmpty()) || !nextLook.hasPassed()) {
            return;
        }
        List<String> unknown = List.copyOf(undecided);
        undecided.clear();
        Parallel.forEach(unknown, prover::prove);
        Parallel.forEach(List.copyOf(given.entrySet()), answer -> repeatIfFailed(answer.getKey(), answer.getValue()));
        Duration doubled = pause.multipliedBy(2);
        pause = doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
        nextLook = nextLook();
    }

    /** What the CA said went wrong so far, to be put behind a message; empty if it did not. */
    String soFar() {
        return failedSoFar.entrySet().stream()
                .map(failure -> "; the last attempt for " + failure.getKey() + " failed: "
                        + failure.getValue().describe())
                .sorted()
                .collect(Collectors.joining());
    }

    // A challenge that cannot be asked must not end the wait: the order tells what counts.
    private void repeatIfFailed(Identifier identifier, Answer answer) throws IOException {
        try {
            Challenge seen = account.fetchChallenge(answer.url);
            note(identifier, seen);
            if (isUndecided(seen) && seen.error() != null) {
                LOG.info("asking the CA to validate {} again", identifier);
                account.respond(seen, answer.response);
            }
        } catch (AcmeException e) {
            LOG.info("how the challenge for {} stands cannot be asked: {}", identifier, e.getMessage());
        }
    }

    private void note(Identifier identifier, Challenge seen) {
        Problem error = seen.error();
        if (error == null || !isUndecided(seen)) {
            failedSoFar.remove(identifier);
        } else if (!error.equals(failedSoFar.put(identifier, error))) {
            LOG.warn("validation of {} failed so far: the CA says: {}", identifier, error.describe());
        }
    }

    private static boolean isUndecided(Challenge challenge) {
        return challenge.status() == ChallengeStatus.PENDING || challenge.status() == ChallengeStatus.PROCESSING;
    }

    private Deadline nextLook() {
        return Deadline.after(pause, account.client().sleeper());
    }

    private record Answer(String url, Map<String, Object> response) {}
}
