package org.wucme.cli.notify;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/** A syslog server by TCP, with counted octets (RFC 6587 section 3.4.1). Each notice has a connection of its own. */
final class TcpSyslog extends SyslogTarget {

    private static final int CONNECT_MILLIS = 10_000;
    private static final int WAIT_FOR_END_MILLIS = 1_000;

    private final ServerUrl server;

    TcpSyslog(ServerUrl server, Set<Facility> facilities) {
        super(facilities);
        this.server = server;
    }

    @Override
    public String send(Notice notice) throws IOException {
        InetSocketAddress address = server.resolve();
        String sender = senderOf(notice);
        try (Socket socket = new Socket()) {
            socket.connect(address, CONNECT_MILLIS);
            OutputStream out = socket.getOutputStream();
            for (Facility facility : facilities()) {
                byte[] message = SyslogMessage.of(notice, facility, sender);
                out.write((message.length + " ").getBytes(StandardCharsets.US_ASCII));
                out.write(message);
            }
            socket.shutdownOutput();
            return end(socket);
        }
    }

    // A server that dropped what we wrote resets the connection; one that took it ends it, or says nothing.
    private static String end(Socket socket) throws IOException {
        socket.setSoTimeout(WAIT_FOR_END_MILLIS);
        try {
            socket.getInputStream().transferTo(OutputStream.nullOutputStream());
            return "taken";
        } catch (SocketTimeoutException e) {
            return "written; the server keeps the connection open";
        }
    }

    @Override
    public String toString() {
        return "syslog at tcp://" + server.server() + as();
    }
}
