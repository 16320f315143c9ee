package org.wucme.testing.ca;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Between the transport and the protocol: routes, logs, waits, and lets faults happen. */
final class RequestHandler {
    private static final Logger LOGGER = Logger.getLogger(RequestHandler.class.getName());

    private final Acme acme;
    private final Settings settings;
    private final Faults faults;
    private final RequestLog log;
    private final @Nullable Sleeper sleeper;
    private final Rounds rounds = new Rounds();
    private final CountDownLatch closed = new CountDownLatch(1);

    /** A reply, and the fault whose effects on the transport are still to happen. */
    record Outcome(Reply reply, Optional<Fault> fault) {
        boolean isCut() {
            return fault.map(Fault::isCut).orElse(false);
        }
    }

    RequestHandler(Acme acme, Settings settings, Faults faults, RequestLog log, @Nullable Sleeper sleeper) {
        this.acme = acme;
        this.settings = settings;
        this.faults = faults;
        this.log = log;
        this.sleeper = sleeper;
    }

    /**
     * Handles one request.
     *
     * @param path decides which resource is asked
     * @param target the path with its query, for the log
     */
    Outcome handle(String path, String target, Incoming request) throws InterruptedException {
        Route route = Route.of(path);
        int ticket = log.arrived(route.endpoint(), request.method(), target, request.body());
        Optional<Fault> fault = faults.next(route.endpoint());
        rounds.await(settings.quiet);
        pause(settings.latency.plus(fault.map(Fault::delay).orElse(Duration.ZERO)));
        fault.ifPresent(Fault::happen);
        Reply reply = fault.isPresent() && !fault.get().isHandled() ? Reply.empty(200) : answer(route, request);
        Outcome outcome = new Outcome(completed(route, reply, fault), fault);
        log.ended(ticket, outcome.isCut() ? 0 : outcome.reply.status(), outcome.reply.problemType());
        return outcome;
    }

    void close() {
        closed.countDown();
    }

    private Reply completed(Route route, Reply handled, Optional<Fault> fault) {
        Reply reply = fault.isPresent() ? fault.get().spoil(handled) : handled;
        reply = reply.with("Date", Times.httpDate(settings.now()));
        if (route.endpoint() != Endpoint.DIRECTORY) {
            boolean repeats = fault.map(Fault::repeatsNonce).orElse(false);
            reply = repeats ? acme.withRepeatedNonce(reply) : acme.withNonce(reply);
        }
        return fault.isPresent() ? fault.get().spoilHeader(reply) : reply;
    }

    private Reply answer(Route route, Incoming request) {
        try {
            return acme.handle(route, request);
        } catch (RuntimeException e) {
            LOGGER.log(Level.WARNING, "TestCa broke at " + route.endpoint(), e);
            return new Problem(500, "serverInternal", "TestCa broke: " + e).reply();
        }
    }

    private void pause(Duration duration) throws InterruptedException {
        if (duration.isZero()) {
            return;
        }
        if (sleeper != null) {
            sleeper.sleep(duration);
        } else if (closed.await(duration.toNanos(), TimeUnit.NANOSECONDS)) {
            LOGGER.fine("Closed while a request was waiting");
        }
    }
}
