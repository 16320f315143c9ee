package org.wucme.testing.ca;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.RecordedRequest;
import okhttp3.Headers;
import okio.ByteString;

/** Between the sockets and the protocol: routes, logs, waits, and lets faults happen. */
final class Frontend extends Dispatcher {
    private static final Logger LOGGER = Logger.getLogger(Frontend.class.getName());

    private final Acme acme;
    private final Urls urls;
    private final Settings settings;
    private final Faults faults;
    private final RequestLog log;
    private final Connections connections;
    private final Rounds rounds = new Rounds();
    private final CountDownLatch closed = new CountDownLatch(1);

    Frontend(Acme acme, Urls urls, Settings settings, Faults faults, RequestLog log, Connections connections) {
        this.acme = acme;
        this.urls = urls;
        this.settings = settings;
        this.faults = faults;
        this.log = log;
        this.connections = connections;
    }

    @Override
    public MockResponse dispatch(RecordedRequest recorded) throws InterruptedException {
        Incoming request = incoming(recorded);
        Route route = Route.of(recorded.getUrl().encodedPath());
        int ticket = log.arrived(route.endpoint(), request.method(), recorded.getTarget(), request.body());
        Optional<Fault> fault = faults.next(route.endpoint());
        rounds.await(settings.quiet);
        pause(settings.latency.plus(fault.map(Fault::delay).orElse(Duration.ZERO)));
        fault.ifPresent(Fault::happen);
        Reply reply = fault.isPresent() && !fault.get().isHandled() ? Reply.empty(200) : handle(route, request);
        if (fault.isPresent()) {
            reply = fault.get().spoil(reply);
        }
        reply = reply.with("Date", Times.httpDate(settings.now()));
        if (route.endpoint() != Endpoint.DIRECTORY) {
            boolean repeats = fault.map(Fault::repeatsNonce).orElse(false);
            reply = repeats ? acme.withRepeatedNonce(reply) : acme.withNonce(reply);
        }
        boolean cut = fault.map(Fault::isCut).orElse(false);
        if (cut) {
            connections.cut(recorded.getConnectionIndex());
        }
        MockResponse.Builder response = response(reply, request.method());
        fault.ifPresent(found -> found.spoil(response));
        log.ended(ticket, cut ? 0 : reply.status(), reply.problemType());
        return response.build();
    }

    @Override
    public void close() {
        closed.countDown();
    }

    private Reply handle(Route route, Incoming request) {
        try {
            return acme.handle(route, request);
        } catch (RuntimeException e) {
            LOGGER.log(Level.WARNING, "TestCa broke at " + route.endpoint(), e);
            return new Problem(500, "serverInternal", "TestCa broke: " + e).reply();
        }
    }

    private void pause(Duration duration) throws InterruptedException {
        if (!duration.isZero() && closed.await(duration.toNanos(), TimeUnit.NANOSECONDS)) {
            LOGGER.fine("Closed while a request was waiting");
        }
    }

    private Incoming incoming(RecordedRequest recorded) {
        ByteString body = recorded.getBody();
        Headers headers = recorded.getHeaders();
        return new Incoming(
                recorded.getMethod(), urls.base() + recorded.getTarget(), headers, body == null ? "" : body.utf8());
    }

    private static MockResponse.Builder response(Reply reply, String method) {
        MockResponse.Builder response = new MockResponse.Builder().code(reply.status());
        if (!reply.body().isEmpty() && !method.equals("HEAD")) {
            response.body(reply.body());
        }
        reply.headers().forEach(field -> response.addHeader(field.getFirst(), field.getSecond()));
        return response;
    }
}
