package org.wucme.challenges.internal.server;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.wucme.acme.internal.text.OneLine;
import org.wucme.acme.internal.text.Trace;
import org.wucme.challenges.ConnectionLimits;
import org.wucme.challenges.internal.Listener;
import org.wucme.challenges.internal.ThrottledLog;
import org.wucme.challenges.internal.Workers;

/**
 * A server whose connections need no thread each: one selector thread accepts, reads and writes, and workers do what takes
 * time. When all connections are taken, a new one replaces the oldest of the address that holds the most. Thread-safe.
 */
public final class SelectorServer implements Listener.Bound {

    /** What may fail for one connection. */
    @FunctionalInterface
    interface Step {
        void run() throws IOException;
    }

    private static final Logger LOG = LoggerFactory.getLogger(SelectorServer.class);

    // The longest queue that Linux gives by default: while it is full, a CA's first packet is lost for a second.
    private static final int BACKLOG = 4096;
    private static final Duration SWEEP = Duration.ofMillis(100);
    private static final int BUFFER = 32 << 10;

    // A closed connection keeps its descriptor until the next select: few may be replaced before that.
    private static final int MIN_ACCEPTS = 16;
    private static final int SPARE = 2 * MIN_ACCEPTS;
    private static final int HEAP_SHARE = 8;

    private final String name;
    private final ConnectionLimits limits;
    private final Function<Transport, Protocol> protocols;
    private final Workers workers;
    private final ServerSocketChannel listening;
    private final Selector selector;
    private final SelectionKey accepting;
    private final int port;
    private final Thread thread;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
    private final AddressShares<Connection> shares = new AddressShares<>();
    private final Queue<Runnable> actions = new ConcurrentLinkedQueue<>();
    private final ThrottledLog replaced = new ThrottledLog(LOG, Level.WARN, 1);
    private final ThrottledLog failures = new ThrottledLog(LOG, Level.WARN, 1);
    private final ThrottledLog errors = new ThrottledLog(LOG, Level.ERROR, 1);
    private final long maxHeld = Runtime.getRuntime().maxMemory() / HEAP_SHARE;
    private int capacity;
    private long held;
    private long nextSweep = System.nanoTime();
    private volatile boolean isClosed;

    private SelectorServer(
            String name,
            ConnectionLimits limits,
            Function<Transport, Protocol> protocols,
            ServerSocketChannel listening,
            Selector selector)
            throws IOException {
        this.name = name;
        this.limits = limits;
        capacity = limits.connections();
        this.protocols = protocols;
        this.listening = listening;
        this.selector = selector;
        workers = new Workers(name, limits.request());
        port = listening.socket().getLocalPort();
        listening.configureBlocking(false);
        accepting = listening.register(selector, SelectionKey.OP_ACCEPT);
        thread = new Thread(this::run, name + "-connections");
        thread.setDaemon(true);
    }

    /**
     * A server that listens from now on.
     *
     * @param name of its threads and in the log
     * @param protocols makes what a new connection speaks
     * @throws IOException if it cannot listen there
     */
    public static SelectorServer open(
            String name, InetSocketAddress address, ConnectionLimits limits, Function<Transport, Protocol> protocols)
            throws IOException {
        ServerSocketChannel listening = ServerSocketChannel.open();
        Selector selector = null;
        try {
            listening.socket().bind(address, BACKLOG);
            selector = Selector.open();
            loadWhatReportsFailures();
            SelectorServer server = new SelectorServer(name, limits, protocols, listening, selector);
            server.thread.start();
            LOG.info("listening on port {} for {}", server.port, name);
            return server;
        } catch (IOException | RuntimeException | Error e) {
            listening.close();
            if (selector != null) {
                selector.close();
            }
            throw e;
        }
    }

    // When no file may be opened any more, no class can be loaded either, and the report of it would be the end.
    private static void loadWhatReportsFailures() {
        Objects.requireNonNull(Trace.of(new IOException()));
    }

    @Override
    public int port() {
        return port;
    }

    /** Closes all connections, and frees the port before it returns. */
    @Override
    public void close() {
        LOG.info("no longer listening on port {} for {}", port, name);
        isClosed = true;
        selector.wakeup();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        workers.close();
    }

    private void run() {
        while (!isClosed) {
            try {
                turn();
            } catch (IOException | RuntimeException | Error e) {
                failed(e);
                LockSupport.parkNanos(SWEEP.toNanos());
            }
        }
        closeAll();
    }

    private void turn() throws IOException {
        selector.select(shares.size() == 0 && accepting.interestOps() != 0 ? 0 : SWEEP.toMillis());
        List<SelectionKey> ready = new ArrayList<>(selector.selectedKeys());
        selector.selectedKeys().clear();
        for (SelectionKey key : ready) {
            if (key.attachment() instanceof Connection connection && key.isValid()) {
                guard(connection, connection::ready);
            }
        }
        for (Runnable action = actions.poll(); action != null; action = actions.poll()) {
            action.run();
        }
        if (accepting.interestOps() != 0) {
            accept();
        }
        sweep();
    }

    private void accept() {
        int most = Math.max(MIN_ACCEPTS, capacity / MIN_ACCEPTS);
        try {
            for (int i = 0; i < most; i++) {
                SocketChannel socket = listening.accept();
                if (socket == null) {
                    return;
                }
                admit(socket);
            }
        } catch (IOException | Error e) {
            failed(e);
            makeDoWithLess();
        }
    }

    /** Most likely, this process has opened all the files it may: fewer connections are held for some seconds. */
    private void makeDoWithLess() {
        capacity = Math.max(1, Math.min(capacity, shares.size()) - SPARE);
        if (shares.size() <= capacity) {
            // It would fail again at once.
            accepting.interestOps(0);
        }
        while (shares.size() > capacity) {
            shares.oldestOfLargest().close();
        }
    }

    private void admit(SocketChannel socket) throws IOException {
        if (shares.size() >= capacity) {
            replace();
        }
        try {
            Connection connection = new Connection(this, socket, protocols);
            shares.add(connection.client(), connection);
            guard(connection, connection::open);
        } catch (IOException e) {
            socket.close();
            LOG.debug("a connection for {} broke at once: {}", name, e.toString());
        } catch (RuntimeException | Error e) {
            failed(e);
            socket.close();
        }
    }

    private void replace() {
        Connection oldest = shares.oldestOfLargest();
        oldest.close();
        replaced.log(
                "all {} connections of port {} ({}) are taken: replaced the oldest one of {}, which holds the most",
                capacity,
                port,
                name,
                oldest.client());
    }

    private void sweep() {
        long now = System.nanoTime();
        if (now - nextSweep < 0) {
            return;
        }
        nextSweep = now + SWEEP.toNanos();
        accepting.interestOps(SelectionKey.OP_ACCEPT);
        capacity = Math.min(capacity + 1, limits.connections());
        connections().stream().filter(each -> each.isExpired(now)).forEach(Connection::close);
    }

    private List<Connection> connections() {
        return selector.keys().stream()
                .filter(key -> key.isValid() && key.attachment() != null)
                .map(key -> (Connection) key.attachment())
                .toList();
    }

    private void closeAll() {
        connections().forEach(Connection::close);
        try {
            listening.close();
            selector.close();
        } catch (IOException e) {
            LOG.warn("port {} ({}) could not be closed: {}", port, name, e.getMessage());
        }
    }

    /** Runs a step of a connection, and closes it if that fails. */
    void guard(Connection connection, Step step) {
        try {
            step.run();
        } catch (IOException e) {
            LOG.debug("a connection for {} broke: {}", name, e.getMessage());
            connection.close();
        } catch (RuntimeException | Error e) {
            failed(e);
            connection.close();
        }
    }

    /** Logs what should not happen: in one line what the system refuses, with its stack trace what is unexpected. */
    void failed(Throwable cause) {
        if (Trace.isUnexpected(cause)) {
            errors.log("unexpected error on port {} ({})", port, name, Trace.of(cause));
        } else {
            failures.log("port {} ({}) cannot accept connections: {}", port, name, OneLine.of(cause.toString()));
        }
    }

    void onLoop(Runnable action) {
        actions.add(action);
        selector.wakeup();
    }

    /** Counts bytes that are kept in memory; if there are too many, the connection with most of them is closed. */
    void hold(long bytes) {
        held += bytes;
        if (bytes > 0 && held > maxHeld) {
            connections().stream()
                    .max(Comparator.comparingLong(Connection::held))
                    .ifPresent(Connection::close);
        }
    }

    void renew(Connection connection) {
        shares.renew(connection.client(), connection);
    }

    void forget(Connection connection) {
        shares.remove(connection.client(), connection);
    }

    ConnectionLimits limits() {
        return limits;
    }

    Workers workers() {
        return workers;
    }

    Selector selector() {
        return selector;
    }

    /** What arrives is read into this. */
    ByteBuffer buffer() {
        return buffer;
    }
}
