package org.wucme.testing.ca;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import mockwebserver3.MockResponse;
import mockwebserver3.MockResponseBody;
import mockwebserver3.SocketEffect;
import okio.BufferedSink;
import org.jspecify.annotations.Nullable;

/**
 * One way in which a request goes wrong; give it to {@link TestCa#fault(Endpoint, Fault)}. Some faults keep the
 * request from being handled at all, others only spoil the reply: each method says which.
 *
 * <p>To a caller in process ({@link TestCa#handle}) a cut connection is a {@link java.net.SocketException}, a reply that stalls a
 * {@link java.net.SocketTimeoutException} at once, and one that is truncated a {@link java.io.EOFException}; pauses within a
 * body are left out.
 */
public final class Fault {
    private static final long FOREVER_HOURS = 1;

    private final boolean handled;
    private final Duration delay;
    private final UnaryOperator<Reply> onReply;
    private final UnaryOperator<Reply> onHeader;
    private final Wire wire;
    private final boolean cut;
    private final boolean repeatsNonce;
    private final Runnable meanwhile;

    /**
     * What happens below HTTP.
     *
     * @param onSocket what it does to a response that is written to a socket
     * @param inProcess what it is to a caller in process; null if that one sees nothing of it
     */
    private record Wire(
            Consumer<MockResponse.Builder> onSocket,
            @Nullable Supplier<IOException> inProcess) {
        static final Wire GOOD = new Wire(builder -> {}, null);
    }

    private Fault(boolean handled, UnaryOperator<Reply> onReply) {
        this(handled, Duration.ZERO, onReply, UnaryOperator.identity(), Wire.GOOD, false, false, () -> {});
    }

    private Fault(
            boolean handled,
            Duration delay,
            UnaryOperator<Reply> onReply,
            UnaryOperator<Reply> onHeader,
            Wire wire,
            boolean cut,
            boolean repeatsNonce,
            Runnable meanwhile) {
        this.handled = handled;
        this.delay = delay;
        this.onReply = onReply;
        this.onHeader = onHeader;
        this.wire = wire;
        this.cut = cut;
        this.repeatsNonce = repeatsNonce;
        this.meanwhile = meanwhile;
    }

    /** The connection is cut; the request has no effect. Over HTTP/2 its other requests are cut with it. */
    public static Fault resetBefore() {
        return cut(false);
    }

    /** The request takes its effect, then the connection is cut. Over HTTP/2 its other requests are cut with it. */
    public static Fault resetAfter() {
        return cut(true);
    }

    /**
     * A reply in the place of handling the request, with a nonce.
     *
     * @param headers names and values in turn
     */
    public static Fault status(int status, String contentType, String body, String... headers) {
        Reply reply = withHeaders(Reply.of(status, contentType, body), headers);
        return instead(reply);
    }

    /**
     * A problem document in the place of handling the request, with a nonce.
     *
     * @param type without {@code urn:ietf:params:acme:error:}
     * @param headers names and values in turn, for instance {@code "Retry-After", "2"}
     */
    public static Fault problem(int status, String type, String detail, String... headers) {
        return instead(withHeaders(new Problem(status, type, detail).reply(), headers));
    }

    /** The request is refused with badNonce and a new nonce. */
    public static Fault badNonce() {
        return problem(400, "badNonce", "TestCa was told to refuse this nonce");
    }

    /** The request is refused with badNonce, without a new nonce. */
    public static Fault badNonceWithoutNonce() {
        Reply reply = new Problem(400, "badNonce", "TestCa was told to refuse this nonce").reply();
        return new Fault(
                false,
                Duration.ZERO,
                ignored -> reply,
                answered -> answered.without("Replay-Nonce"),
                Wire.GOOD,
                false,
                false,
                () -> {});
    }

    /** A redirect with status 307 in the place of handling the request. */
    public static Fault redirect(String url) {
        return redirect(307, url);
    }

    /** A redirect in the place of handling the request. */
    public static Fault redirect(int status, String url) {
        return instead(Reply.empty(status).with("Location", url));
    }

    /** The request is handled after this time. */
    public static Fault delay(Duration delay) {
        return new Fault(
                true, delay, UnaryOperator.identity(), UnaryOperator.identity(), Wire.GOOD, false, false, () -> {});
    }

    /** The request takes its effect, but nothing of the reply ever comes. */
    public static Fault stallHeaders() {
        return onWire(
                builder -> builder.headersDelay(FOREVER_HOURS, TimeUnit.HOURS),
                () -> new SocketTimeoutException("timeout"));
    }

    /** The request takes its effect, but the reply stops after its header. */
    public static Fault stallBody() {
        return onWire(
                builder -> builder.bodyDelay(FOREVER_HOURS, TimeUnit.HOURS),
                () -> new SocketTimeoutException("timeout"));
    }

    /** The request takes its effect, but the connection is cut in the middle of the reply's body. */
    public static Fault truncateBody() {
        return onWire(
                builder -> builder.onResponseBody(new SocketEffect.CloseSocket()),
                () -> new EOFException("The connection was closed within the body"));
    }

    /** The request takes its effect, but the reply's body is this many spaces. */
    public static Fault hugeBody(long bytes) {
        return onWire(
                builder -> builder.setHeader("Content-Length", bytes).body(new Spaces(bytes)),
                () -> new IOException("A body of " + bytes + " bytes was not read"));
    }

    /** The request takes its effect; the reply keeps its status and the rest of its header. */
    public static Fault body(String contentType, String body) {
        return onReply(reply -> reply.replacing("Content-Type", contentType).withBody(body));
    }

    /** The request takes its effect; the reply has another status. */
    public static Fault replyStatus(int status) {
        return onReply(reply -> reply.withStatus(status));
    }

    /** The request takes its effect; the reply has another status, and no body. */
    public static Fault emptyReply(int status) {
        return onReply(reply -> reply.withStatus(status).withBody(""));
    }

    /** The request takes its effect; the JSON object replied is edited first. */
    public static Fault json(Consumer<ObjectNode> edit) {
        return onReply(reply -> {
            ObjectNode body = Json.parse(reply.body(), "The reply");
            edit.accept(body);
            return reply.withBody(body.toString());
        });
    }

    /** The request takes its effect; this header field is put in the place of those of its name. */
    public static Fault header(String name, String value) {
        return onHeader(reply -> reply.replacing(name, value));
    }

    /** The request takes its effect; the reply lacks this header field. */
    public static Fault withoutHeader(String name) {
        return onHeader(reply -> reply.without(name));
    }

    /** The request takes its effect; the reply has no nonce. */
    public static Fault noNonce() {
        return withoutHeader("Replay-Nonce");
    }

    /** The request takes its effect; the reply has the nonce that the reply before it had. */
    public static Fault repeatedNonce() {
        return new Fault(
                true,
                Duration.ZERO,
                UnaryOperator.identity(),
                UnaryOperator.identity(),
                Wire.GOOD,
                false,
                true,
                () -> {});
    }

    /** The request takes its effect, but the reply's body comes byte by byte, with pauses in between. */
    public static Fault slowDrip(Duration pause) {
        return onWire(builder -> builder.throttleBody(1, pause.toMillis(), TimeUnit.MILLISECONDS), null);
    }

    /** This, and something else that happens after the request has come and before it is handled. */
    public Fault meanwhile(Runnable event) {
        return new Fault(handled, delay, onReply, onHeader, wire, cut, repeatsNonce, event);
    }

    void happen() {
        meanwhile.run();
    }

    boolean repeatsNonce() {
        return repeatsNonce;
    }

    boolean isHandled() {
        return handled;
    }

    Duration delay() {
        return delay;
    }

    boolean isCut() {
        return cut;
    }

    Reply spoil(Reply reply) {
        return onReply.apply(reply);
    }

    /** Changes the header of a reply that is otherwise complete. */
    Reply spoilHeader(Reply reply) {
        return onHeader.apply(reply);
    }

    void spoil(MockResponse.Builder response) {
        wire.onSocket.accept(response);
    }

    /** Throws what the fault is to a caller in process, if it is anything. */
    void failInProcess() throws IOException {
        if (wire.inProcess != null) {
            throw wire.inProcess.get();
        }
    }

    private static Fault cut(boolean handled) {
        return new Fault(
                handled,
                Duration.ZERO,
                UnaryOperator.identity(),
                UnaryOperator.identity(),
                Wire.GOOD,
                true,
                false,
                () -> {});
    }

    private static Fault instead(Reply reply) {
        return new Fault(false, ignored -> reply);
    }

    private static Fault onReply(UnaryOperator<Reply> change) {
        return new Fault(true, change);
    }

    private static Fault onHeader(UnaryOperator<Reply> change) {
        return new Fault(true, Duration.ZERO, UnaryOperator.identity(), change, Wire.GOOD, false, false, () -> {});
    }

    private static Fault onWire(Consumer<MockResponse.Builder> onSocket, @Nullable Supplier<IOException> inProcess) {
        return new Fault(
                true,
                Duration.ZERO,
                UnaryOperator.identity(),
                UnaryOperator.identity(),
                new Wire(onSocket, inProcess),
                false,
                false,
                () -> {});
    }

    private static Reply withHeaders(Reply reply, String... headers) {
        if (headers.length % 2 != 0) {
            throw new IllegalArgumentException("Header names and values come in pairs");
        }
        Reply result = reply;
        for (int i = 0; i < headers.length; i += 2) {
            result = result.with(headers[i], headers[i + 1]);
        }
        return result;
    }

    private record Spaces(long bytes) implements MockResponseBody {
        @Override
        public long getContentLength() {
            return bytes;
        }

        @Override
        public void writeTo(BufferedSink sink) throws IOException {
            byte[] chunk = new byte[8192];
            Arrays.fill(chunk, (byte) ' ');
            for (long left = bytes; left > 0; left -= chunk.length) {
                sink.write(chunk, 0, (int) Math.min(left, chunk.length));
            }
        }
    }
}
