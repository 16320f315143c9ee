package org.wucme.testing.ca;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ServerSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * The accepted TCP connections. They have no Nagle delay, which costs 40 ms in each request over HTTP/1.1, and can be
 * cut below TLS and HTTP: MockWebServer by itself cannot do so for one response over HTTP/2.
 */
final class Connections extends ServerSocketFactory {
    private final Map<Integer, Socket> open = new ConcurrentHashMap<>();
    private final AtomicInteger accepted = new AtomicInteger();

    /** Resets the connection that was accepted as the number {@code index}, from 0. */
    void cut(int index) {
        @Nullable Socket socket = open.remove(index);
        if (socket == null) {
            return;
        }
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void add(Socket socket) {
        open.values().removeIf(Socket::isClosed);
        open.put(accepted.getAndIncrement(), socket);
    }

    @Override
    public ServerSocket createServerSocket() throws IOException {
        return new Listening(this);
    }

    @Override
    public ServerSocket createServerSocket(int port) {
        throw new UnsupportedOperationException();
    }

    @Override
    public ServerSocket createServerSocket(int port, int backlog) {
        throw new UnsupportedOperationException();
    }

    @Override
    public ServerSocket createServerSocket(int port, int backlog, InetAddress address) {
        throw new UnsupportedOperationException();
    }

    private static final class Listening extends ServerSocket {
        private final Connections connections;

        Listening(Connections connections) throws IOException {
            this.connections = connections;
        }

        @Override
        public Socket accept() throws IOException {
            Socket socket = super.accept();
            socket.setTcpNoDelay(true);
            connections.add(socket);
            return socket;
        }
    }
}
