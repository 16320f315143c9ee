package org.wucme.acme;

import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.wucme.acme.internal.json.OneLine;

/**
 * What a CA says went wrong: a problem document (RFC 7807, RFC 8555 section 6.7).
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

    private static final int TOO_MANY_REQUESTS = 429;
    private static final int NOT_IMPLEMENTED = 501;

    public Problem {
        Objects.requireNonNull(type, "type");
        subproblems = List.copyOf(subproblems);
        algorithms = List.copyOf(algorithms);
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
        return named + subproblems.stream().map(Problem::describe).collect(Collectors.joining("; ", " (", ")"));
    }

    private String describeAlgorithms() {
        boolean offered = is(ProblemType.BAD_SIGNATURE_ALGORITHM) && !algorithms.isEmpty();
        return offered ? "; it accepts " + String.join(", ", algorithms) : "";
    }

    private static boolean isGiven(@Nullable String text) {
        return text != null && !text.isBlank();
    }
}
