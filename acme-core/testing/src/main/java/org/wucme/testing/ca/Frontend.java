package org.wucme.testing.ca;

import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.RecordedRequest;
import okio.ByteString;

/** Between the sockets and what handles requests. */
final class Frontend extends Dispatcher {
    private final RequestHandler handler;
    private final Urls urls;
    private final Connections connections;

    Frontend(RequestHandler handler, Urls urls, Connections connections) {
        this.handler = handler;
        this.urls = urls;
        this.connections = connections;
    }

    @Override
    public MockResponse dispatch(RecordedRequest recorded) throws InterruptedException {
        Incoming request = incoming(recorded);
        RequestHandler.Outcome outcome = handler.handle(recorded.getUrl().encodedPath(), recorded.getTarget(), request);
        if (outcome.isCut()) {
            connections.cut(recorded.getConnectionIndex());
        }
        MockResponse.Builder response = response(outcome.reply(), request.method());
        outcome.fault().ifPresent(fault -> fault.spoil(response));
        return response.build();
    }

    @Override
    public void close() {
        handler.close();
    }

    private Incoming incoming(RecordedRequest recorded) {
        ByteString body = recorded.getBody();
        return new Incoming(
                recorded.getMethod(),
                urls.base() + recorded.getTarget(),
                recorded.getHeaders(),
                body == null ? "" : body.utf8());
    }

    private static MockResponse.Builder response(Reply reply, String method) {
        MockResponse.Builder response = new MockResponse.Builder().code(reply.status());
        if (!reply.body().isEmpty() && !method.equals("HEAD")) {
            response.body(reply.body());
        }
        reply.headers().names().forEach(response::removeHeader);
        reply.headers().forEach(field -> response.addHeader(field.getFirst(), field.getSecond()));
        return response;
    }
}
