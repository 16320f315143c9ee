package org.wucme.testing;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * An attack on a server of this machine: many clients that begin a request and then say nothing more. One that is closed
 * comes back at once. All of them run on one thread.
 */
public final class SlowClients implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int OTHER_FILES = 600;

    private final InetSocketAddress server;
    private final ByteBuffer beginning;
    private final Selector selector;
    private final CountDownLatch connected;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread;
    private volatile boolean isOver;
    private volatile @Nullable IOException failure;

    private SlowClients(int port, List<InetAddress> sources, byte[] beginning) throws IOException {
        server = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        this.beginning = ByteBuffer.wrap(beginning).asReadOnlyBuffer();
        connected = new CountDownLatch(sources.size());
        selector = Selector.open();
        thread = new Thread(() -> run(sources), "slow clients");
        thread.setDaemon(true);
    }

    /**
     * Begins an attack, and waits until all have been connected.
     *
     * @param sources the addresses they come from, one for each client
     * @param beginning what each of them sends
     */
    public static SlowClients attack(int port, List<InetAddress> sources, byte[] beginning) throws IOException {
        SlowClients clients = new SlowClients(port, sources, beginning);
        clients.thread.start();
        clients.await(clients.connected, "not all clients could connect");
        return clients;
    }

    /** Addresses for that many clients: all from one address of this machine, or evenly from several. */
    public static List<InetAddress> sources(int clients, int addresses) {
        return IntStream.range(0, clients).mapToObj(i -> source(i % addresses)).toList();
    }

    private static InetAddress source(int number) {
        try {
            return InetAddress.getByAddress(new byte[] {127, 0, 1, (byte) (number + 1)});
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * How many clients this process can have if the server is part of it, too: each takes two descriptors.
     *
     * @param wanted the most
     */
    public static int possible(int wanted) {
        long files = ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                ? unix.getMaxFileDescriptorCount()
                : Long.MAX_VALUE;
        int possible = (int) Math.min(wanted, (files - OTHER_FILES) / 2);
        if (possible < wanted) {
            System.err.println("only " + possible + " slow clients instead of " + wanted
                    + ": the limit of open files is " + files);
        }
        return possible;
    }

    /** Waits until the server has closed one of the connections. */
    public void awaitClosed() throws IOException {
        await(closed, "the server closed no connection");
    }

    private void await(CountDownLatch latch, String otherwise) throws IOException {
        try {
            if (!latch.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new IOException(otherwise, failure);
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private void run(List<InetAddress> sources) {
        try {
            int next = 0;
            while (!isOver) {
                // In portions: a queue of the system that is full would lose some.
                for (int end = Math.min(next + 200, sources.size()); next < end; next++) {
                    connect(sources.get(next));
                }
                selector.select(next < sources.size() ? 1 : 50);
                List<SelectionKey> ready = new ArrayList<>(selector.selectedKeys());
                selector.selectedKeys().clear();
                for (SelectionKey key : ready) {
                    proceed(key);
                }
            }
            for (SelectionKey key : List.copyOf(selector.keys())) {
                key.channel().close();
            }
            selector.close();
        } catch (IOException e) {
            failure = e;
        }
    }

    private void connect(InetAddress source) throws IOException {
        SocketChannel channel = SocketChannel.open();
        channel.configureBlocking(false);
        // Otherwise the ports of this machine would run out after a few attacks, each kept for a minute.
        channel.setOption(StandardSocketOptions.SO_LINGER, 0);
        channel.bind(new InetSocketAddress(source, 0));
        channel.register(selector, SelectionKey.OP_CONNECT, source);
        channel.connect(server);
    }

    private void proceed(SelectionKey key) throws IOException {
        SocketChannel channel = (SocketChannel) key.channel();
        if (!isAlive(key, channel)) {
            closed.countDown();
            channel.close();
            connect((InetAddress) key.attachment());
        }
    }

    private boolean isAlive(SelectionKey key, SocketChannel channel) {
        try {
            if (key.isConnectable() && channel.finishConnect()) {
                connected.countDown();
                channel.write(beginning.duplicate());
                key.interestOps(SelectionKey.OP_READ);
                return true;
            }
            return channel.read(ByteBuffer.allocate(1024)) >= 0;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        isOver = true;
        selector.wakeup();
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
        if (failure != null) {
            throw new IOException("the attack failed", failure);
        }
    }
}
