package org.wucme.challenges.internal.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One connection of a {@link SelectorServer}, and the deadline of what it is doing. Used on the selector thread. */
final class Connection implements Transport {

    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);

    // The client may send more than it was asked for; if that is not read, the system discards our answer with it.
    private static final Duration LINGER = Duration.ofSeconds(2);

    // Workers have time limits of their own.
    private static final Duration WORK_LIMIT = Duration.ofDays(1);

    private static final int MAX_REQUEST = 256 << 10;
    private static final int MAX_WRITE = 64 << 10;
    private static final int IPV6_NETWORK_BYTES = 8;

    private final SelectorServer server;
    private final SocketChannel socket;
    private final String client;
    private final SelectionKey key;
    private final Protocol protocol;
    private final Deque<ByteBuffer> unsent = new ArrayDeque<>();
    private long deadline;
    private long received;
    private long unsentBytes;
    private boolean isPaused;
    private boolean isFinishing;
    private boolean isLingering;
    private boolean isInputOver;

    /** A connection that was just accepted; it is watched from now on. */
    Connection(SelectorServer server, SocketChannel socket, Function<Transport, Protocol> protocols)
            throws IOException {
        this.server = server;
        this.socket = socket;
        client = network(socket.socket().getInetAddress());
        socket.configureBlocking(false);
        socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
        expireAfter(server.limits().request());
        protocol = protocols.apply(this);
        key = socket.register(server.selector(), SelectionKey.OP_READ, this);
    }

    /** What counts as one client: an IPv4 address, or the network of a customer in IPv6 (RFC 6177). */
    static String network(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (bytes.length <= IPV6_NETWORK_BYTES) {
            return address.getHostAddress();
        }
        StringBuilder network = new StringBuilder();
        for (int i = 0; i < IPV6_NETWORK_BYTES; i += 2) {
            network.append(Integer.toHexString((bytes[i] & 0xff) << 8 | (bytes[i + 1] & 0xff)))
                    .append(':');
        }
        return network + ":/64";
    }

    /** The client, as the shares count them. */
    String client() {
        return client;
    }

    /** Bytes that this connection keeps in memory. */
    long held() {
        return isFinishing ? unsentBytes : received + unsentBytes;
    }

    boolean isExpired(long now) {
        return now - deadline > 0;
    }

    /** Lets the protocol begin. */
    void open() throws IOException {
        protocol.opened();
        proceed();
    }

    /** Reads or writes what can be now. */
    void ready() throws IOException {
        if (key.isReadable()) {
            read();
        }
        proceed();
    }

    private void read() throws IOException {
        ByteBuffer bytes = server.buffer();
        int count = socket.read(bytes.clear());
        if (count < 0) {
            isInputOver = true;
        } else if (!isFinishing) {
            received += count;
            server.hold(count);
            protocol.received(bytes.flip());
        }
    }

    /** Sends, and closes what is done with. */
    private void proceed() throws IOException {
        if (!socket.isOpen()) {
            return;
        }
        write();
        if (isOver()) {
            close();
            return;
        }
        if (isFinishing && unsent.isEmpty() && !isLingering) {
            isLingering = true;
            socket.shutdownOutput();
            expireAfter(LINGER);
        }
        int reading = isPaused || isInputOver ? 0 : SelectionKey.OP_READ;
        key.interestOps(unsent.isEmpty() ? reading : reading | SelectionKey.OP_WRITE);
    }

    /** Whether the client has its answer and has closed, or will not get one. */
    private boolean isOver() {
        if (isFinishing) {
            return isInputOver && unsent.isEmpty();
        }
        return received > MAX_REQUEST || (isInputOver && !isPaused);
    }

    private void write() throws IOException {
        while (!unsent.isEmpty()) {
            ByteBuffer first = unsent.element();
            // The system copies as much as it is shown.
            int count = socket.write(first.slice(first.position(), Math.min(first.remaining(), MAX_WRITE)));
            if (count == 0) {
                return;
            }
            unsentBytes -= count;
            server.hold(-count);
            if (!first.position(first.position() + count).hasRemaining()) {
                unsent.remove();
            }
        }
    }

    @Override
    public void send(ByteBuffer bytes) {
        if (!isFinishing && socket.isOpen()) {
            unsent.add(bytes);
            unsentBytes += bytes.remaining();
            server.hold(bytes.remaining());
        }
    }

    @Override
    public void finish() {
        // What a closed connection held is no longer counted.
        if (!isFinishing && socket.isOpen()) {
            server.hold(-received);
            isFinishing = true;
            expireAfter(server.limits().request());
        }
    }

    @Override
    public void requestComplete() {
        if (socket.isOpen()) {
            expireAfter(WORK_LIMIT);
            server.renew(this);
        }
    }

    @Override
    public void onWorkers(Runnable work) {
        isPaused = true;
        server.workers().execute(client, () -> runUnlessClosed(work));
    }

    private void runUnlessClosed(Runnable work) {
        try {
            if (socket.isOpen()) {
                work.run();
            }
        } catch (RuntimeException | Error e) {
            server.failed(e);
            onLoop(this::close);
        }
    }

    @Override
    public void onLoop(Runnable action) {
        server.onLoop(() -> server.guard(this, () -> {
            if (socket.isOpen()) {
                isPaused = false;
                action.run();
                proceed();
            }
        }));
    }

    private void expireAfter(Duration time) {
        deadline = System.nanoTime() + time.toNanos();
    }

    /** Closes it at once. */
    void close() {
        if (!socket.isOpen()) {
            return;
        }
        server.hold(-held());
        server.forget(this);
        try {
            socket.close();
        } catch (IOException e) {
            LOG.debug("closing a connection failed: {}", e.getMessage());
        }
    }
}
