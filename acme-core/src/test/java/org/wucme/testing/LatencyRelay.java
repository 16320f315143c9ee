package org.wucme.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import okio.ByteString;

/**
 * Makes a server on loopback as far away as one on the Internet: a TCP relay that holds each byte for half a round trip in
 * each direction, and a client's first bytes for one more, which the TCP handshake would take. No bandwidth, loss or slow
 * start is modelled. Counts connections.
 */
public final class LatencyRelay implements AutoCloseable {

    private static final int CHUNK_BYTES = 16 * 1024;

    private final InetSocketAddress server;
    private final ServerSocket listener;
    private final ExecutorService threads = Executors.newCachedThreadPool(LatencyRelay::daemon);
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger connections = new AtomicInteger();
    private volatile Duration roundTrip = Duration.ZERO;

    private LatencyRelay(int serverPort) throws IOException {
        server = new InetSocketAddress(InetAddress.getLoopbackAddress(), serverPort);
        listener = new ServerSocket(0, 128, InetAddress.getLoopbackAddress());
        threads.execute(this::accept);
    }

    /** A relay, at a free port, to a server's port of 127.0.0.1; without delay at first. */
    public static LatencyRelay to(int serverPort) throws IOException {
        return new LatencyRelay(serverPort);
    }

    /** The port of 127.0.0.1 to connect to. */
    public int port() {
        return listener.getLocalPort();
    }

    /** Sets the round-trip time for all bytes that come from now on. */
    public LatencyRelay roundTrip(Duration time) {
        roundTrip = time;
        return this;
    }

    /** Connections taken since the start or since {@link #clearConnections()}. */
    public int connections() {
        return connections.get();
    }

    /** Counts from zero again; what is open stays open. */
    public void clearConnections() {
        connections.set(0);
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : open) {
            socket.close();
        }
        threads.shutdownNow();
    }

    private void accept() {
        try {
            while (true) {
                relay(listener.accept(), System.nanoTime());
            }
        } catch (IOException closed) {
            // Closing the listener is how this loop ends.
        }
    }

    private void relay(Socket client, long acceptedNanos) throws IOException {
        connections.incrementAndGet();
        Socket onward = new Socket();
        open.add(client);
        open.add(onward);
        onward.connect(server);
        client.setTcpNoDelay(true);
        onward.setTcpNoDelay(true);
        pump(client, onward, acceptedNanos + roundTrip.toNanos());
        pump(onward, client, acceptedNanos);
    }

    private void pump(Socket from, Socket to, long earliestNanos) {
        BlockingQueue<Chunk> held = new LinkedBlockingQueue<>();
        threads.execute(() -> read(from, held, earliestNanos));
        threads.execute(() -> write(held, to));
    }

    private void read(Socket from, BlockingQueue<Chunk> held, long earliestNanos) {
        byte[] buffer = new byte[CHUNK_BYTES];
        try {
            for (int count = 0; count >= 0; count = from.getInputStream().read(buffer)) {
                if (count > 0) {
                    held.add(new Chunk(ByteString.of(buffer, 0, count), dueNanos(earliestNanos)));
                }
            }
        } catch (IOException reset) {
            // Ends like a connection that was closed: the other side is closed too.
        }
        held.add(new Chunk(ByteString.EMPTY, dueNanos(earliestNanos)));
    }

    private long dueNanos(long earliestNanos) {
        long sent = System.nanoTime();
        return (sent - earliestNanos > 0 ? sent : earliestNanos) + roundTrip.toNanos() / 2;
    }

    private void write(BlockingQueue<Chunk> held, Socket to) {
        try (to) {
            for (Chunk chunk = held.take(); chunk.bytes.size() > 0; chunk = held.take()) {
                TimeUnit.NANOSECONDS.sleep(chunk.dueNanos - System.nanoTime());
                chunk.bytes.write(to.getOutputStream());
            }
        } catch (IOException | InterruptedException ended) {
            // Nobody reads any more.
        } finally {
            open.remove(to);
        }
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "latency relay");
        thread.setDaemon(true);
        return thread;
    }

    private record Chunk(ByteString bytes, long dueNanos) {}
}
