package org.wucme.challenges.internal.server;

import java.nio.ByteBuffer;

/** What a {@link Protocol} can do with its connection. Used on the server's selector thread, except {@link #onLoop}. */
public interface Transport {

    /** Sends bytes as fast as the client reads them. The buffer belongs to the connection from now on. */
    void send(ByteBuffer bytes);

    /** Closes the connection once everything is sent. */
    void finish();

    /** The client has done its part: it has no deadline until {@link #finish}. */
    void requestComplete();

    /** Runs work that takes time on a worker thread. Nothing is received until its result arrives by {@link #onLoop}. */
    void onWorkers(Runnable work);

    /** Runs an action on the selector thread, unless the connection is closed by then. Called by any thread. */
    void onLoop(Runnable action);
}
