package org.wucme.cli.doctor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CAARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.TextParseException;

/** A DNS server on loopback, with the records it was given. */
public final class DnsServer implements AutoCloseable {

    private static final int LARGEST = 4096;

    private final DatagramSocket socket;
    private final List<Record> records = new CopyOnWriteArrayList<>();
    private final Set<Name> failing = ConcurrentHashMap.newKeySet();
    private final Thread thread = new Thread(this::serve, "dns");

    private DnsServer() throws SocketException {
        this.socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
    }

    public static DnsServer start() throws SocketException {
        DnsServer server = new DnsServer();
        server.thread.setDaemon(true);
        server.thread.start();
        return server;
    }

    public InetSocketAddress address() {
        return (InetSocketAddress) socket.getLocalSocketAddress();
    }

    public DnsServer a(String name, String address) throws IOException {
        records.add(new ARecord(name(name), DClass.IN, 1, InetAddress.getByName(address)));
        return this;
    }

    public DnsServer aaaa(String name, String address) throws IOException {
        records.add(new AAAARecord(name(name), DClass.IN, 1, InetAddress.getByName(address)));
        return this;
    }

    public DnsServer caa(String name, int flags, String tag, String value) throws IOException {
        records.add(new CAARecord(name(name), DClass.IN, 1, flags, tag, value));
        return this;
    }

    /** Whoever asks for this name gets SERVFAIL. */
    public DnsServer failFor(String name) throws IOException {
        failing.add(name(name));
        return this;
    }

    private static Name name(String name) throws TextParseException {
        return Name.fromString(name + ".");
    }

    private void serve() {
        byte[] buffer = new byte[LARGEST];
        while (!socket.isClosed()) {
            try {
                DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                socket.receive(packet);
                byte[] answer = answer(new Message(Arrays.copyOf(packet.getData(), packet.getLength())))
                        .toWire();
                socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
            } catch (IOException e) {
                if (!socket.isClosed()) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    private Message answer(Message question) {
        Record asked = question.getQuestion();
        Message answer = new Message(question.getHeader().getID());
        answer.getHeader().setFlag(Flags.QR);
        answer.addRecord(asked, Section.QUESTION);
        if (failing.contains(asked.getName())) {
            answer.getHeader().setRcode(Rcode.SERVFAIL);
            return answer;
        }
        records.stream()
                .filter(record -> record.getName().equals(asked.getName()) && record.getType() == asked.getType())
                .forEach(record -> answer.addRecord(record, Section.ANSWER));
        boolean isKnown = records.stream().anyMatch(record -> record.getName().subdomain(asked.getName()));
        answer.getHeader().setRcode(isKnown ? Rcode.NOERROR : Rcode.NXDOMAIN);
        return answer;
    }

    @Override
    public void close() throws InterruptedException {
        socket.close();
        thread.join();
    }
}
