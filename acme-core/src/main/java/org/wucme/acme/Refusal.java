package org.wucme.acme;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/**
 * Attempts to validate one identifier that failed in a row for the same kind of reason: the types of the problem and its
 * subproblems, whatever the words. Immutable.
 *
 * @param problem why the last one failed
 * @param count how many failed
 * @param firstNanos when the first was seen, as {@link Sleeper#nanoTime} tells
 */
record Refusal(Problem problem, int count, long firstNanos) {

    static Refusal first(Problem problem, long nanos) {
        return new Refusal(problem, 1, nanos);
    }

    /** This and another attempt; that alone if it failed for another kind of reason. */
    Refusal and(Problem again, long nanos) {
        return kind(problem).equals(kind(again)) ? new Refusal(again, count + 1, firstNanos) : first(again, nanos);
    }

    // A CA may add a subproblem for each attempt, so that their number says nothing.
    private static Set<String> kind(Problem problem) {
        Set<String> types = new HashSet<>();
        types.add(problem.type().toLowerCase(Locale.ROOT));
        problem.subproblems().forEach(below -> types.addAll(kind(below)));
        return types;
    }
}
