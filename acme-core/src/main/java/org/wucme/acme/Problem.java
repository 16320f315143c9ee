package org.wucme.acme;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.wucme.acme.internal.text.OneLine;

/**
 * What a CA says went wrong: a problem document (RFC 7807, RFC 8555 section 6.7). Each text is cut after 2000 characters, and
 * there are at most 100 subproblems.
 *
 * @param type URI of the error type; {@code about:blank} when the CA gave none
 * @param title short name of the error, if given
 * @param detail the CA's own words, if given
 * @param status HTTP status, 0 if unknown
 * @param instance URL of something a human should look at, if given
 * @param identifier the name this is about; only in subproblems
 * @param subproblems one for each name that failed (RFC 8555 section 6.7.1), often empty
 * @param algorithms the signature algorithms that the CA accepts; only in {@code badSignatureAlgorithm} (RFC 8555 section 6.2)
 */
public record Problem(
        String type,
        @Nullable String title,
        @Nullable String detail,
        int status,
        @Nullable String instance,
        @Nullable Identifier identifier,
        List<Problem> subproblems,
        List<String> algorithms) {

    private static final int LONGEST_TEXT = 2000;
    private static final int MOST_SUBPROBLEMS = 100;
    private static final int MOST_ALGORITHMS = 20;
    private static final int LONGEST_ALGORITHM = 50;
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int NOT_IMPLEMENTED = 501;

    public Problem {
        type = OneLine.cut(type, LONGEST_TEXT);
        title = cut(title);
        detail = cut(detail);
        instance = cut(instance);
        subproblems = subproblems.stream().limit(MOST_SUBPROBLEMS).toList();
        algorithms = algorithms.stream()
                .limit(MOST_ALGORITHMS)
                .map(algorithm -> OneLine.cut(algorithm, LONGEST_ALGORITHM))
                .toList();
    }

    private static @Nullable String cut(@Nullable String text) {
        return text == null ? null : OneLine.cut(text, LONGEST_TEXT);
    }

    /** A problem that is not about algorithms. */
    public Problem(
            String type,
            @Nullable String title,
            @Nullable String detail,
            int status,
            @Nullable String instance,
            @Nullable Identifier identifier,
            List<Problem> subproblems) {
        this(type, title, detail, status, instance, identifier, subproblems, List.of());
    }

    /** The type as a value to switch on. */
    public ProblemType kind() {
        return ProblemType.of(type);
    }

    /** Whether this problem has the given type. */
    public boolean is(ProblemType wanted) {
        return kind() == wanted;
    }

    /** Whether the CA wants fewer requests: by its type, or by its status alone (RFC 8555 section 6.6). */
    public boolean isRateLimit() {
        return is(ProblemType.RATE_LIMITED) || status == TOO_MANY_REQUESTS;
    }

    /** Whether the CA, or what stands before it, does not have what it was asked for: HTTP status 501, whatever its type. */
    boolean isNotImplemented() {
        return status == NOT_IMPLEMENTED;
    }

    /** The CA's words, with those of each subproblem after the name it is about, in one line. */
    public String describe() {
        String own = isGiven(detail) ? detail : isGiven(title) ? title : type;
        String words = (identifier == null ? own : identifier + ": " + own) + describeAlgorithms();
        String named = OneLine.of(words);
        if (subproblems.isEmpty()) {
            return named;
        }
        return OneLine.of(
                named + subproblems.stream().map(Problem::describe).collect(Collectors.joining("; ", " (", ")")));
    }

    private String describeAlgorithms() {
        boolean offered = is(ProblemType.BAD_SIGNATURE_ALGORITHM) && !algorithms.isEmpty();
        return offered ? "; it accepts " + String.join(", ", algorithms) : "";
    }

    private static boolean isGiven(@Nullable String text) {
        return text != null && !text.isBlank();
    }
}
