package org.wucme.testing.ca;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import okhttp3.Headers;

/** Between a caller in the same JVM and what handles requests: faults of the network become exceptions. */
final class InProcess {
    private final RequestHandler handler;
    private final Urls urls;

    InProcess(RequestHandler handler, Urls urls) {
        this.handler = handler;
        this.urls = urls;
    }

    CaResponse handle(CaRequest request) throws IOException {
        if (!request.url().startsWith(urls.base() + "/")) {
            throw new ConnectException(
                    "Connection refused: " + request.url() + " is not at this CA, which is " + urls.base());
        }
        RequestHandler.Outcome outcome = outcome(request);
        if (outcome.isCut()) {
            throw new SocketException("Connection reset");
        }
        if (outcome.fault().isPresent()) {
            outcome.fault().get().failInProcess();
        }
        return response(outcome.reply(), request.method());
    }

    private RequestHandler.Outcome outcome(CaRequest request) throws InterruptedIOException {
        URI uri = URI.create(request.url());
        Headers.Builder headers = new Headers.Builder();
        request.headers().forEach((name, values) -> values.forEach(value -> headers.add(name, value)));
        try {
            return handler.handle(
                    uri.getRawPath(),
                    request.url().substring(urls.base().length()),
                    new Incoming(request.method(), request.url(), headers.build(), request.body()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("Interrupted while the CA was waiting");
        }
    }

    private static CaResponse response(Reply reply, String method) {
        List<Map.Entry<String, String>> headers = new ArrayList<>();
        reply.headers().forEach(field -> headers.add(Map.entry(field.getFirst(), field.getSecond())));
        return new CaResponse(reply.status(), headers, method.equals("HEAD") ? "" : reply.body());
    }
}
