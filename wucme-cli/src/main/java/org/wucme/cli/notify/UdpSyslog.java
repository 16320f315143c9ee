package org.wucme.cli.notify;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.SocketTimeoutException;
import java.util.Set;

/** A syslog server by UDP (RFC 5426): nobody answers there, but a machine on which nobody listens often says so. */
final class UdpSyslog extends SyslogTarget {

    private static final int WAIT_FOR_REFUSAL_MILLIS = 250;

    private final ServerUrl server;

    UdpSyslog(ServerUrl server, Set<Facility> facilities) {
        super(facilities);
        this.server = server;
    }

    @Override
    public String send(Notice notice) throws IOException {
        InetSocketAddress address = server.resolve();
        String sender = senderOf(notice);
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(address);
            socket.setSoTimeout(WAIT_FOR_REFUSAL_MILLIS);
            for (Facility facility : facilities()) {
                byte[] message = SyslogMessage.of(notice, facility, sender);
                socket.send(new DatagramPacket(message, message.length));
            }
            socket.receive(new DatagramPacket(new byte[1], 1));
        } catch (PortUnreachableException e) {
            throw new IOException("nobody listens there", e);
        } catch (SocketTimeoutException e) {
            return "sent; by UDP nobody says whether it arrived";
        }
        return "sent";
    }

    @Override
    public String toString() {
        return "syslog at udp://" + server.server() + as();
    }
}
