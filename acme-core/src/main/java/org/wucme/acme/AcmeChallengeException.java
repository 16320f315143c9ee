package org.wucme.acme;

import java.util.Collections;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The CA did not accept the proof of control for some names; says which, and why (RFC 8555 section 7.1.6).
 *
 * <p>Some CAs leave the challenge undecided instead, to be tried again; then this is thrown as {@link PollingPolicy#refusals}
 * says, and the authorization was given up.
 *
 * <p>The advice is {@link Advice#NEW_ORDER} if every failure is trouble of the CA's own, such as {@code serverInternal};
 * {@link Advice#OPERATOR} otherwise, since somebody must see to it that the CA finds the proof.
 */
public final class AcmeChallengeException extends AcmeException {

    private final transient Map<Identifier, Problem> failures;

    /** With the names that failed and the CA's reason for each. */
    public AcmeChallengeException(Map<Identifier, Problem> failures) {
        this(failures, "");
    }

    /** With what there is to say of the attempts, to be put behind the message. */
    AcmeChallengeException(Map<Identifier, Problem> failures, String attempts) {
        super(
                "validation failed: "
                        + sorted(failures).entrySet().stream()
                                .map(e -> e.getKey() + ": " + e.getValue().describe())
                                .collect(Collectors.joining("; "))
                        + attempts,
                null,
                advice(failures));
        this.failures = sorted(failures);
    }

    private static Advice advice(Map<Identifier, Problem> failures) {
        boolean ownTrouble = failures.values().stream().noneMatch(problem -> Advice.of(problem) == Advice.OPERATOR);
        return ownTrouble ? Advice.NEW_ORDER : Advice.OPERATOR;
    }

    private static Map<Identifier, Problem> sorted(Map<Identifier, Problem> failures) {
        Map<Identifier, Problem> sorted = new TreeMap<>(Comparator.comparing(Identifier::toString));
        sorted.putAll(failures);
        return Collections.unmodifiableMap(sorted);
    }

    /** The names that failed, in the order of their letters, and the CA's reason for each. */
    public Map<Identifier, Problem> failures() {
        return failures;
    }
}
