package org.wucme.challenges.internal.server;

import java.nio.ByteBuffer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** TLS on the server's side (RFC 8446), below another protocol. What costs time in a handshake runs on the workers. */
public final class TlsProtocol implements Protocol, Transport {

    private static final Logger LOG = LoggerFactory.getLogger(TlsProtocol.class);
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0).asReadOnlyBuffer();

    // RFC 8446 section 5.1, RFC 5246 section 6.2
    private static final int RECORD_HEADER = 5;
    private static final int RECORD_LENGTH = 3;
    private static final int MAX_RECORD = (1 << 14) + 2048;
    private static final int FIRST_TYPE = 20;
    private static final int LAST_TYPE = 23;

    /** Chooses the engine for a connection by the server name that the client asks for. */
    @FunctionalInterface
    public interface Engines {

        /**
         * Chooses an engine on a worker thread.
         *
         * @param serverName null if the client does not say
         * @param then takes what makes the engine, now or later, from any thread
         */
        void choose(@Nullable String serverName, Consumer<Supplier<SSLEngine>> then);
    }

    private final Transport wire;
    private final @Nullable Engines choice;
    private final Protocol inner;
    private Supplier<SSLEngine> engines;
    private @Nullable SSLEngine engine;
    private boolean isChosen;
    private ByteBuffer arrived = NOTHING;
    private boolean isOpened;
    private boolean isFinished;

    private TlsProtocol(
            Transport wire,
            Supplier<SSLEngine> engines,
            @Nullable Engines choice,
            Function<Transport, Protocol> inner) {
        this.wire = wire;
        this.engines = engines;
        this.choice = choice;
        this.inner = inner.apply(this);
    }

    /** Another protocol above TLS, by a server's engines. */
    public static Function<Transport, Protocol> below(
            Function<Transport, Protocol> inner, Supplier<SSLEngine> engines) {
        return wire -> new TlsProtocol(wire, engines, null, inner);
    }

    /**
     * Another protocol above TLS, by an engine that is chosen once the client has said which server it wants.
     *
     * @param engines for what is not chosen, such as to refuse what is no TLS
     */
    public static Function<Transport, Protocol> below(
            Function<Transport, Protocol> inner, Supplier<SSLEngine> engines, Engines choice) {
        return wire -> new TlsProtocol(wire, engines, choice, inner);
    }

    @Override
    public void received(ByteBuffer bytes) {
        arrived = ByteBuffer.allocate(arrived.remaining() + bytes.remaining())
                .put(arrived)
                .put(bytes)
                .flip();
        // An engine is large: a client that does not even send a record gets none.
        if (!isPartOfRecord(arrived)) {
            begin();
        }
    }

    private void begin() {
        if (choice == null || isChosen) {
            advance();
            return;
        }
        isChosen = true;
        String serverName = ClientHello.serverName(arrived);
        wire.onWorkers(() -> choice.choose(
                serverName,
                chosen -> wire.onLoop(() -> {
                    engines = chosen;
                    advance();
                })));
    }

    private static boolean isPartOfRecord(ByteBuffer bytes) {
        int type = bytes.get(0);
        if (type < FIRST_TYPE || type > LAST_TYPE || bytes.remaining() < RECORD_HEADER) {
            return type >= FIRST_TYPE && type <= LAST_TYPE;
        }
        int length = Short.toUnsignedInt(bytes.getShort(RECORD_LENGTH));
        return length <= MAX_RECORD && bytes.remaining() < RECORD_HEADER + length;
    }

    private void advance() {
        try {
            SSLEngine tls = begun();
            boolean goesOn = !isFinished;
            while (goesOn) {
                goesOn = step(tls) && !isFinished;
            }
        } catch (SSLException e) {
            refuse(e);
        }
    }

    private SSLEngine begun() throws SSLException {
        if (engine == null) {
            engine = engines.get();
            engine.setUseClientMode(false);
            engine.beginHandshake();
        }
        return engine;
    }

    /** One step; false if it takes more bytes, or a result of the workers. */
    private boolean step(SSLEngine tls) throws SSLException {
        HandshakeStatus status = tls.getHandshakeStatus();
        if (status == HandshakeStatus.NEED_TASK) {
            wire.onWorkers(() -> runTasks(tls));
            return false;
        }
        if (status == HandshakeStatus.NEED_WRAP) {
            return wrap(tls, NOTHING).bytesProduced() > 0;
        }
        if (status == HandshakeStatus.NOT_HANDSHAKING && !isOpened) {
            isOpened = true;
            inner.opened();
            return true;
        }
        return unwrap(tls);
    }

    private void runTasks(SSLEngine tls) {
        for (Runnable task = tls.getDelegatedTask(); task != null; task = tls.getDelegatedTask()) {
            task.run();
        }
        wire.onLoop(this::advance);
    }

    private boolean unwrap(SSLEngine tls) throws SSLException {
        if (!arrived.hasRemaining()) {
            return false;
        }
        ByteBuffer plain = ByteBuffer.allocate(tls.getSession().getApplicationBufferSize());
        SSLEngineResult result = tls.unwrap(arrived, plain);
        if (plain.flip().hasRemaining()) {
            inner.received(plain);
        }
        if (result.getStatus() == SSLEngineResult.Status.CLOSED) {
            finish();
        }
        return result.bytesConsumed() > 0;
    }

    private SSLEngineResult wrap(SSLEngine tls, ByteBuffer bytes) throws SSLException {
        ByteBuffer packet = ByteBuffer.allocate(tls.getSession().getPacketBufferSize());
        SSLEngineResult result = tls.wrap(bytes, packet);
        wire.send(packet.flip());
        return result;
    }

    private void refuse(SSLException reason) {
        LOG.debug("a TLS connection came to nothing: {}", reason.getMessage());
        finish();
    }

    @Override
    public void send(ByteBuffer bytes) {
        try {
            SSLEngine tls = begun();
            boolean goesOn = bytes.hasRemaining();
            while (goesOn) {
                goesOn = wrap(tls, bytes).bytesConsumed() > 0 && bytes.hasRemaining();
            }
        } catch (SSLException e) {
            refuse(e);
        }
    }

    /** Says goodbye, or why there was no connection (RFC 8446 section 6). */
    @Override
    public void finish() {
        if (isFinished) {
            return;
        }
        isFinished = true;
        try {
            SSLEngine tls = begun();
            tls.closeOutbound();
            boolean goesOn = true;
            while (goesOn) {
                goesOn = wrap(tls, NOTHING).bytesProduced() > 0 && !tls.isOutboundDone();
            }
        } catch (SSLException e) {
            LOG.debug("a TLS connection could not be closed: {}", e.getMessage());
        }
        wire.finish();
    }

    @Override
    public void requestComplete() {
        wire.requestComplete();
    }

    @Override
    public void onWorkers(Runnable work) {
        wire.onWorkers(work);
    }

    @Override
    public void onLoop(Runnable action) {
        wire.onLoop(action);
    }
}
