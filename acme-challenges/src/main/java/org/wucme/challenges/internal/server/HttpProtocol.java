package org.wucme.challenges.internal.server;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * One request and its answer by HTTP/1.1 (RFC 9112). The request is complete with its head: what follows is read and
 * dropped, be it content or another request.
 */
public final class HttpProtocol implements Protocol {

    /** What answers requests. */
    @FunctionalInterface
    public interface Handler {

        /**
         * Handles a complete request on a worker thread.
         *
         * @param reply takes the answer, now or later, from any thread
         */
        void handle(HttpRequest request, Consumer<HttpResponse> reply);
    }

    private static final int MAX_HEAD = 128 << 10;
    private static final HttpResponse BAD_REQUEST = HttpResponse.text(400, "Bad request.");
    private static final HttpResponse TOO_LARGE = HttpResponse.text(431, "The request is too large.");

    private final Transport transport;
    private final Handler handler;
    private ByteArrayOutputStream head = new ByteArrayOutputStream(0);
    private int newlines;
    private boolean isComplete;

    private HttpProtocol(Transport transport, Handler handler) {
        this.transport = transport;
        this.handler = handler;
    }

    /** Answers by a handler. */
    public static Function<Transport, Protocol> answering(Handler handler) {
        return transport -> new HttpProtocol(transport, handler);
    }

    @Override
    public void received(ByteBuffer bytes) {
        while (!isComplete && bytes.hasRemaining()) {
            take(bytes.get());
        }
    }

    /** The head ends with an empty line; empty lines before it do not count (RFC 9112 section 2.2). */
    private void take(byte next) {
        boolean isLineEnd = next == '\r' || next == '\n';
        if (isLineEnd && head.size() == 0) {
            return;
        }
        head.write(next);
        newlines = next == '\n' ? newlines + 1 : isLineEnd ? newlines : 0;
        if (newlines == 2) {
            String text = complete();
            transport.onWorkers(() -> handle(text));
        } else if (head.size() > MAX_HEAD) {
            complete();
            send(TOO_LARGE.bytes(false));
        }
    }

    private String complete() {
        String text = head.toString(StandardCharsets.ISO_8859_1);
        head = new ByteArrayOutputStream(0);
        isComplete = true;
        transport.requestComplete();
        return text;
    }

    private void handle(String text) {
        HttpRequest request;
        try {
            request = HttpRequest.parse(text);
        } catch (IllegalArgumentException e) {
            reply(BAD_REQUEST, false);
            return;
        }
        boolean isHead = request.method().equals("HEAD");
        handler.handle(request, response -> reply(response, isHead));
    }

    private void reply(HttpResponse response, boolean isHead) {
        ByteBuffer bytes = response.bytes(isHead);
        transport.onLoop(() -> send(bytes));
    }

    private void send(ByteBuffer bytes) {
        transport.send(bytes);
        transport.finish();
    }
}
