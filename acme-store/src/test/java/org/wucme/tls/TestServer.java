package org.wucme.tls;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

/** A TLS server that gives back every byte it gets, on a loopback address and a free port. */
final class TestServer implements AutoCloseable {

    private final SSLServerSocket server;
    private final ExecutorService workers = Executors.newCachedThreadPool(TestServer::daemon);

    private TestServer(SSLServerSocket server) {
        this.server = server;
        workers.execute(this::accept);
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "test-server");
        thread.setDaemon(true);
        return thread;
    }

    static TestServer start(SSLContext context) throws IOException {
        return start(context, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
    }

    static TestServer start(SSLContext context, InetAddress address) throws IOException {
        return new TestServer((SSLServerSocket) context.getServerSocketFactory().createServerSocket(0, 200, address));
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                SSLSocket connection = (SSLSocket) server.accept();
                workers.execute(() -> echo(connection));
            } catch (IOException e) {
                // Closed.
            }
        }
    }

    private static void echo(SSLSocket connection) {
        try (connection) {
            connection.setTcpNoDelay(true);
            InputStream input = connection.getInputStream();
            for (int next = input.read(); next >= 0; next = input.read()) {
                connection.getOutputStream().write(next);
            }
        } catch (IOException e) {
            // The client sees it too.
        }
    }

    InetAddress address() {
        return server.getInetAddress();
    }

    int port() {
        return server.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        server.close();
        workers.shutdownNow();
    }
}
