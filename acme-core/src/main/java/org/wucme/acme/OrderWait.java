package org.wucme.acme;

import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Waits for an order (RFC 8555 section 7.4): one request a look, whatever number of names it has. */
final class OrderWait {

    private static final Logger LOG = LoggerFactory.getLogger(OrderWait.class);

    private static final Set<OrderStatus> DECIDED =
            EnumSet.of(OrderStatus.VALID, OrderStatus.INVALID, OrderStatus.CANCELED);
    private static final int MOST_POLLS_FOR_CERTIFICATE = 5;

    private final Fetch<Order> orders;
    private final Fetch<Authorization> authorizations;
    private final Timing timing;
    private final PollingPolicy policy;

    OrderWait(Fetch<Order> orders, Fetch<Authorization> authorizations, Timing timing, PollingPolicy policy) {
        this.orders = orders;
        this.authorizations = authorizations;
        this.timing = timing;
        this.policy = policy;
    }

    Order untilReady(Order order, Answers answers) throws IOException {
        return until(
                order, answers, seen -> seen.status() != OrderStatus.PENDING && seen.status() != OrderStatus.UNKNOWN);
    }

    Order untilValid(Order order) throws IOException {
        AtomicInteger pollsLeft = new AtomicInteger(MOST_POLLS_FOR_CERTIFICATE);
        Order valid = until(order, Answers.none(timing, policy), seen -> isDecided(seen, pollsLeft));
        if (!valid.hasCertificate()) {
            throw new AcmeTimeoutException(
                    "the order at " + valid.url() + " is valid, but the CA does not say where the certificate is",
                    valid.url(),
                    valid.retryAt());
        }
        return valid;
    }

    // The place of the certificate may come a little later than the status.
    private static boolean isDecided(Order seen, AtomicInteger pollsLeft) {
        boolean lacksCertificate = seen.status() == OrderStatus.VALID && !seen.hasCertificate();
        return DECIDED.contains(seen.status()) && !(lacksCertificate && pollsLeft.getAndDecrement() > 0);
    }

    private Order until(Order order, Answers answers, Predicate<Order> finished) throws IOException {
        Order seen = order;
        Polls polls = new Polls(timing, policy);
        while (!finished.test(seen)) {
            polls.pause("the order at " + order.url() + " is still " + seen.status(), order.url(), answers);
            seen = orders.fetch(order.url()).withMissingFrom(seen);
            requireUnchanged(order, seen);
            polls.seen(seen.retryAt());
        }
        if (seen.status() == OrderStatus.INVALID) {
            throw whyInvalid(seen, order.authorizations());
        }
        if (seen.status() == OrderStatus.CANCELED) {
            throw new AcmeException("the order at " + seen.url() + " was canceled");
        }
        return seen;
    }

    // Both are fixed once an order stands (RFC 8555 section 7.1.3); but authorizations no longer matter once it is
    // finalized, and nothing does once it has failed.
    private static void requireUnchanged(Order before, Order now) throws AcmeProtocolException {
        boolean isFinalized = now.status() == OrderStatus.PROCESSING || DECIDED.contains(now.status());
        boolean sameNames = before.identifiers().isEmpty() || now.mayBeFor(before.identifiers());
        boolean sameAuthorizations = isFinalized
                || before.authorizations().isEmpty()
                || Set.copyOf(before.authorizations()).equals(Set.copyOf(now.authorizations()));
        if (now.status() != OrderStatus.INVALID && !(sameNames && sameAuthorizations)) {
            throw new AcmeProtocolException(
                    "the order at " + now.url() + " is of no use: its names or authorizations have changed");
        }
    }

    // The order says only that something failed; each authorization knows what.
    private AcmeException whyInvalid(Order order, List<String> authorizationUrls) throws IOException {
        Map<Identifier, Problem> failures = new ConcurrentHashMap<>();
        Parallel.forEach(authorizationUrls, url -> collectFailure(url, failures));
        if (!failures.isEmpty()) {
            return new AcmeChallengeException(failures);
        }
        Problem reason = order.error();
        return reason == null
                ? new AcmeException(
                        "the order at " + order.url() + " is invalid, and the CA does not say why",
                        null,
                        Advice.NEW_ORDER)
                : new AcmeProblemException(
                        reason,
                        null,
                        lost(reason),
                        AcmeProblemException.said("waiting for the order at " + order.url(), reason));
    }

    // What is invalid stays so: to try again means another order.
    private static Advice lost(Problem reason) {
        Advice advice = Advice.of(reason);
        return advice == Advice.RETRY ? Advice.NEW_ORDER : advice;
    }

    // One that cannot be asked must not hide what the others say.
    private void collectFailure(String url, Map<Identifier, Problem> failures) throws IOException {
        Authorization authorization;
        try {
            authorization = authorizations.fetch(url);
        } catch (AcmeException e) {
            LOG.info("why an order failed cannot be asked: {}", e.getMessage());
            return;
        }
        if (authorization.status() != AuthorizationStatus.VALID) {
            authorization.error().ifPresent(problem -> failures.put(authorization.identifier(), problem));
        }
    }
}
