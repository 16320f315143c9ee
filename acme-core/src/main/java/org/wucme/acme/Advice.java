package org.wucme.acme;

/** What a caller can do about an {@link AcmeException}. */
public enum Advice {
    /** The same request may succeed soon, with nothing changed: the connection broke, or the CA is in trouble. */
    RETRY,

    /**
     * The same request may succeed later: at {@link AcmeException#retryAt()} if the CA named a time. It wants fewer requests,
     * or is not done yet; an order that was waited for goes on from its URL.
     */
    WAIT,

    /** The order is lost, for no reason that lies in its names or on this side: a new one may succeed. */
    NEW_ORDER,

    /** Nothing will get better by itself: somebody must read the message and change something. */
    OPERATOR;

    /** What a problem document says by its type, and by its status where the type says nothing. */
    static Advice of(Problem problem) {
        if (problem.isRateLimit()) {
            return WAIT;
        }
        boolean inTrouble = problem.is(ProblemType.SERVER_INTERNAL) || problem.status() >= 500;
        return problem.is(ProblemType.BAD_NONCE) || (inTrouble && !problem.isNotImplemented()) ? RETRY : OPERATOR;
    }
}
