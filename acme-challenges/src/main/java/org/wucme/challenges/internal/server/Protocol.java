package org.wucme.challenges.internal.server;

import java.nio.ByteBuffer;

/** What one connection speaks. Called on the server's selector thread only, so it must not block. */
public interface Protocol {

    /** Called once, when bytes can be sent and received; above TLS, when the handshake is complete. */
    default void opened() {}

    /** Takes all the bytes that arrived; not called any more after {@link Transport#finish}. */
    void received(ByteBuffer bytes);
}
