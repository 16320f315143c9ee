package org.wucme.testing;

import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;

/** TLS handshakes between two engines, without sockets; one after another, by one thread. */
public final class EngineHandshake {

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final ByteBuffer toServer = ByteBuffer.allocate(1 << 16);
    private final ByteBuffer toClient = ByteBuffer.allocate(1 << 16);
    private final ByteBuffer received = ByteBuffer.allocate(1 << 16);

    /**
     * Lets a client and a server, each in its mode already, talk to each other until both have done with the handshake.
     *
     * @throws SSLException if one of them does not like what the other says
     */
    public void run(SSLEngine client, SSLEngine server) throws SSLException {
        toServer.clear();
        toClient.clear();
        client.beginHandshake();
        server.beginHandshake();
        while (isShakingHands(client) || isShakingHands(server)) {
            step(client, toClient, toServer);
            step(server, toServer, toClient);
        }
    }

    private static boolean isShakingHands(SSLEngine engine) {
        HandshakeStatus status = engine.getHandshakeStatus();
        return status != HandshakeStatus.NOT_HANDSHAKING && status != HandshakeStatus.FINISHED;
    }

    private void step(SSLEngine engine, ByteBuffer in, ByteBuffer out) throws SSLException {
        switch (engine.getHandshakeStatus()) {
            case NEED_TASK -> {
                Runnable task = engine.getDelegatedTask();
                if (task != null) {
                    task.run();
                }
            }
            case NEED_WRAP -> engine.wrap(NOTHING, out);
            case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
                in.flip();
                engine.unwrap(in, received.clear());
                in.compact();
            }
            case FINISHED, NOT_HANDSHAKING -> {}
        }
    }
}
