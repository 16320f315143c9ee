package org.wucme.challenges.internal;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.wucme.acme.Deadline;
import org.wucme.acme.challenge.Presented;

/**
 * A port that is bound from creation to {@link #close}, or only while at least one challenge is presented. Thread-safe.
 *
 * <p>Binding and unbinding happen under a lock: whoever presents must not go on before the port is bound, and nobody may
 * bind it anew before it was let go. Connections are served without that lock.
 */
public final class Listener implements AutoCloseable {

    /** Something that is bound to a port. */
    public interface Bound {

        /** The port, also if the system chose it. */
        int port();

        /** Lets the port go before it returns; never fails. */
        void close();
    }

    /** Binds to a port. */
    @FunctionalInterface
    public interface Binder {

        /** Binds, with an exception for the administrator if that fails. */
        Bound bind() throws IOException;
    }

    private final Binder binder;
    private final boolean staysUp;
    private @Nullable Bound bound;
    private int needs;
    private boolean closed;

    private Listener(Binder binder, boolean staysUp) {
        this.binder = binder;
        this.staysUp = staysUp;
    }

    /** Binds now and until closed. */
    public static Listener open(Binder binder) throws IOException {
        Listener listener = new Listener(binder, true);
        listener.need();
        return listener;
    }

    /** Binds when the first challenge is presented, and lets go with the last. */
    public static Listener whileNeeded(Binder binder) {
        return new Listener(binder, false);
    }

    /**
     * The port that is bound now.
     *
     * @throws IllegalStateException if none is
     */
    public synchronized int port() {
        if (bound == null) {
            throw new IllegalStateException("not listening");
        }
        return bound.port();
    }

    /** Presents an answer. */
    @FunctionalInterface
    public interface Presentation {

        /** Presents it by a responder. */
        Presented present() throws IOException;
    }

    /**
     * Presents an answer, and keeps the port bound until that is closed.
     *
     * @throws IOException if the port cannot be bound; nothing is presented then
     * @throws IllegalStateException if this listener is closed
     */
    public Presented present(Presentation presentation) throws IOException {
        Presented presented = presentation.present();
        boolean listening = false;
        try {
            need();
            listening = true;
        } finally {
            if (!listening) {
                presented.close();
            }
        }
        return new WhileListening(presented);
    }

    /**
     * Finds out whether a port could be bound now, unless this has bound its own already.
     *
     * @throws IOException what the operating system says if it cannot be bound
     * @throws IllegalStateException if this listener is closed
     */
    public synchronized void check(InetSocketAddress address) throws IOException {
        requireOpen();
        if (bound == null) {
            try (ServerSocket socket = new ServerSocket()) {
                socket.bind(address);
            }
        }
    }

    /** Lets the port go, whatever is still presented. */
    @Override
    public synchronized void close() {
        closed = true;
        unbind();
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("this server is closed");
        }
    }

    private synchronized void need() throws IOException {
        requireOpen();
        if (bound == null) {
            bound = binder.bind();
        }
        needs++;
    }

    private synchronized void release() {
        needs--;
        if (needs == 0 && !staysUp) {
            unbind();
        }
    }

    private void unbind() {
        if (bound == null) {
            return;
        }
        // An interrupted thread would not wait for the server's threads to end, and the port would stay bound
        // meanwhile.
        boolean interrupted = Thread.interrupted();
        bound.close();
        bound = null;
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private final class WhileListening implements Presented {

        private final Presented presented;
        private final AtomicBoolean done = new AtomicBoolean();

        WhileListening(Presented presented) {
            this.presented = presented;
        }

        @Override
        public void awaitVisible(Deadline deadline) throws IOException {
            presented.awaitVisible(deadline);
        }

        @Override
        public void close() throws IOException {
            if (!done.compareAndSet(false, true)) {
                return;
            }
            try {
                presented.close();
            } finally {
                release();
            }
        }
    }
}
