package org.wucme.cli.notify;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/** TLS with a certificate of our choice before a mail server that has none: from the first byte on, or by STARTTLS. */
final class TlsFront implements Closeable {

    private final ServerSocket listening;
    private final SSLSocketFactory tls;
    private final int behind;
    private final boolean startsPlain;

    private TlsFront(int behind, SSLSocketFactory tls, boolean startsPlain) throws IOException {
        this.listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        this.behind = behind;
        this.tls = tls;
        this.startsPlain = startsPlain;
        background(this::serve);
    }

    static TlsFront implicit(int behind, SSLSocketFactory tls) throws IOException {
        return new TlsFront(behind, tls, false);
    }

    static TlsFront startTls(int behind, SSLSocketFactory tls) throws IOException {
        return new TlsFront(behind, tls, true);
    }

    int port() {
        return listening.getLocalPort();
    }

    private interface Work {
        void run() throws IOException;
    }

    private static void background(Work work) {
        Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (IOException e) {
                // One of the two hung up.
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    private void serve() throws IOException {
        while (true) {
            Socket client = listening.accept();
            background(() -> relay(client));
        }
    }

    private void relay(Socket client) throws IOException {
        try (client;
                Socket server = new Socket(InetAddress.getLoopbackAddress(), behind)) {
            if (startsPlain && !isReadyForTls(client)) {
                return;
            }
            SSLSocket secure = (SSLSocket) tls.createSocket(client, null, client.getPort(), false);
            secure.setUseClientMode(false);
            secure.startHandshake();
            if (startsPlain) {
                readLine(server.getInputStream());
            }
            background(() -> copy(server.getInputStream(), secure.getOutputStream()));
            copy(secure.getInputStream(), server.getOutputStream());
        }
    }

    // RFC 3207 section 4; who does not ask for it gets nothing else.
    private static boolean isReadyForTls(Socket client) throws IOException {
        InputStream in = client.getInputStream();
        OutputStream out = client.getOutputStream();
        write(out, "220 front");
        for (String line = readLine(in); !line.isEmpty(); line = readLine(in)) {
            if (line.toUpperCase(Locale.ROOT).startsWith("EHLO")) {
                write(out, "250-front");
                write(out, "250 STARTTLS");
            } else if (line.equalsIgnoreCase("STARTTLS")) {
                write(out, "220 go on");
                return true;
            } else {
                write(out, "530 STARTTLS comes first");
            }
        }
        return false;
    }

    private static void write(OutputStream out, String line) throws IOException {
        out.write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
    }

    private static String readLine(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int read = in.read(); read >= 0 && read != '\n'; read = in.read()) {
            line.append((char) read);
        }
        return line.toString().strip();
    }

    private static void copy(InputStream from, OutputStream to) throws IOException {
        byte[] buffer = new byte[4096];
        for (int length = from.read(buffer); length >= 0; length = from.read(buffer)) {
            to.write(buffer, 0, length);
            to.flush();
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
    }
}
