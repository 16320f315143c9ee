package org.wucme.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.wucme.testing.ca.TestCa;

/** An HTTP proxy on loopback that takes CONNECT (RFC 9110 section 9.3.6), from everybody or from one user. */
final class ConnectProxy implements AutoCloseable {

    private final @Nullable String authorization;
    private final ServerSocket listening;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final List<String> connects = new CopyOnWriteArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();

    /**
     * Starts one.
     *
     * @param authorization the only {@code Proxy-Authorization} to let through; null for all
     */
    ConnectProxy(@Nullable String authorization) {
        this.authorization = authorization;
        try {
            listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        threads.execute(this::listen);
    }

    String hostAndPort() {
        return "localhost:" + listening.getLocalPort();
    }

    /** Where clients wanted to go, and were let through to. */
    List<String> connects() {
        return connects;
    }

    private void listen() {
        try {
            while (true) {
                Socket client = keep(listening.accept());
                threads.execute(() -> serve(client));
            }
        } catch (IOException e) {
            // Closed.
        }
    }

    private Socket keep(Socket socket) throws IOException {
        socket.setTcpNoDelay(true);
        open.add(socket);
        return socket;
    }

    private void serve(Socket client) {
        try (client) {
            // Nothing follows the header before the answer, so nothing of the tunnel is read into the buffer.
            BufferedReader reader =
                    new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII));
            while (true) {
                String target = reader.readLine().split(" ", 3)[1];
                boolean allowed = authorization == null;
                for (String line = reader.readLine(); !line.isEmpty(); line = reader.readLine()) {
                    allowed |= line.equalsIgnoreCase("Proxy-Authorization: " + authorization);
                }
                if (allowed) {
                    connects.add(target);
                    tunnel(client, target);
                    return;
                }
                answer(client, "407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"here\"");
            }
        } catch (IOException | RuntimeException e) {
            // The client is gone.
        }
    }

    private void tunnel(Socket client, String target) throws IOException {
        String[] hostAndPort = target.split(":", 2);
        try (Socket server = keep(new Socket(where(hostAndPort[0]), Integer.parseInt(hostAndPort[1])))) {
            answer(client, "200 OK");
            threads.execute(() -> copy(server, client));
            copy(client, server);
        }
    }

    private static String where(String host) {
        return host.equals(TestCa.FAR_HOST) ? "localhost" : host;
    }

    private static void answer(Socket client, String status) throws IOException {
        OutputStream out = client.getOutputStream();
        out.write(("HTTP/1.1 " + status + "\r\nContent-Length: 0\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }

    private static void copy(Socket from, Socket to) {
        try (InputStream in = from.getInputStream()) {
            in.transferTo(to.getOutputStream());
        } catch (IOException e) {
            // One side has hung up, so the other is done too.
        }
    }

    @Override
    public void close() {
        try {
            listening.close();
            for (Socket socket : open) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            threads.shutdownNow();
        }
    }
}
