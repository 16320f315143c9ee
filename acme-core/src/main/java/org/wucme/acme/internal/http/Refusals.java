package org.wucme.acme.internal.http;

import java.net.ConnectException;
import java.net.UnknownHostException;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import okio.ByteString;
import org.wucme.acme.AcmeConnectionException;
import org.wucme.acme.AcmeException;
import org.wucme.acme.AcmeProblemException;
import org.wucme.acme.AcmeProtocolException;
import org.wucme.acme.AcmeRateLimitException;
import org.wucme.acme.AcmeUserActionException;
import org.wucme.acme.Problem;
import org.wucme.acme.ProblemType;
import org.wucme.acme.internal.json.Oddities;
import org.wucme.acme.internal.json.Resources;

/** Turns a reply that is no success into the exception that fits (RFC 8555 section 6.7). */
public final class Refusals {

    private static final int SERVICE_UNAVAILABLE = 503;
    private static final int MOST_CAUSES = 10;

    private Refusals() {}

    static AcmeException toException(String doing, HttpReply reply) {
        if (reply.status() < 400) {
            return new AcmeProtocolException(doing + ": the CA answered with HTTP status " + reply.status()
                    + " where RFC 8555 has none such; a redirect is not followed");
        }
        Problem problem = problem(reply);
        Instant retryAt = reply.retryAfter();
        if (problem.isRateLimit()) {
            return new AcmeRateLimitException(doing, problem, retryAt, reply.links("help"));
        }
        if (problem.is(ProblemType.USER_ACTION_REQUIRED) || problem.is(ProblemType.EXTERNAL_ACCOUNT_REQUIRED)) {
            List<String> terms = reply.links("terms-of-service");
            return new AcmeUserActionException(doing, problem, terms.isEmpty() ? null : terms.get(0));
        }
        return new AcmeProblemException(doing, problem, retryAt);
    }

    /** Whether a try failed in a way that leaves open whether the CA did what it was asked to. */
    public static boolean mayHaveTakenEffect(AcmeException failure) {
        return failure.isRetryable() && !wasRefused(failure);
    }

    /** Whether no connection came about, so that nothing was sent. */
    public static boolean wasNeverSent(AcmeException failure) {
        return failure instanceof AcmeConnectionException
                && Stream.iterate((Throwable) failure, Objects::nonNull, Throwable::getCause)
                        .limit(MOST_CAUSES)
                        .anyMatch(cause -> cause instanceof UnknownHostException || cause instanceof ConnectException);
    }

    private static boolean wasRefused(AcmeException failure) {
        return failure instanceof AcmeRateLimitException
                || (failure instanceof AcmeProblemException refusal
                        && (refusal.problem().status() < 500
                                || refusal.problem().status() == SERVICE_UNAVAILABLE));
    }

    // Proxies in front of a CA answer with HTML, or with nothing: the status is then all there is.
    private static Problem problem(HttpReply reply) {
        Problem problem;
        try {
            problem = Resources.problem(reply.json("the problem document", new Oddities()));
        } catch (AcmeProtocolException e) {
            problem = new Problem("about:blank", null, null, 0, null, null, List.of());
        }
        String detail = problem.detail() != null || problem.title() != null ? problem.detail() : withoutDocument(reply);
        return new Problem(
                problem.type(),
                problem.title(),
                detail,
                reply.status(),
                problem.instance(),
                problem.identifier(),
                problem.subproblems(),
                problem.algorithms());
    }

    private static String withoutDocument(HttpReply reply) {
        String type = reply.headers().get("Content-Type");
        ByteString body = reply.body();
        return "HTTP status " + reply.status() + " without a problem document ("
                + (body.size() == 0 ? "empty" : type == null ? "no content type" : type) + ")";
    }
}
