package org.wucme.testing.dns;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

/**
 * An authoritative DNS server for tests, over UDP and TCP at one or several addresses of the loopback interface. It answers
 * with CNAME chains within its zones, referrals at delegations, NXDOMAIN and empty answers with the SOA, and REFUSED for
 * other zones; it has no wildcards, DNSSEC or zone transfers. Thread-safe: zones and records may change while it runs.
 *
 * <pre>{@code
 * try (TestDns dns = TestDns.start()) {
 *     dns.zone("example.org").txt("_acme-challenge.example.org", "value");
 *     dns.fault("_acme-challenge.example.org", DnsFault.serverFailure(), 1);
 *     // a resolver that asks 127.0.0.1 at dns.port()
 * }
 * }</pre>
 */
public final class TestDns implements AutoCloseable {
    private static final long TTL_SECONDS = 60;
    private static final int UDP_LIMIT = 512;
    private static final int MAX_MESSAGE = 65_535;
    private static final int BIND_ATTEMPTS = 50;

    private final Zones zones = new Zones();
    private final List<DnsQuery> queries = new CopyOnWriteArrayList<>();
    private final List<PlannedFault> faults = new ArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "TestDns");
        thread.setDaemon(true);
        return thread;
    });
    private final List<DnsSockets> sockets;

    private record PlannedFault(Name name, DnsFault fault, int times) {}

    private TestDns(int addresses) throws IOException {
        sockets = bind(addresses);
        sockets.forEach(DnsSockets::serve);
    }

    /**
     * Starts a server at a free port of 127.0.0.1.
     *
     * @throws UncheckedIOException if it cannot listen
     */
    public static TestDns start() {
        return start(1);
    }

    /**
     * Starts a server at a free port of several addresses, 127.0.0.1, 127.0.0.2 and so on. Linux has all of them; on other
     * systems they may have to be set up.
     *
     * @throws UncheckedIOException if it cannot listen
     */
    public static TestDns start(int addresses) {
        if (addresses < 1 || addresses > 250) {
            throw new IllegalArgumentException("A server has 1 to 250 addresses, not " + addresses);
        }
        try {
            return new TestDns(addresses);
        } catch (IOException e) {
            throw new UncheckedIOException("TestDns cannot listen at 127.0.0.1 to 127.0.0." + addresses, e);
        }
    }

    private List<DnsSockets> bind(int addresses) throws IOException {
        IOException last = new IOException("no port");
        for (int attempt = 0; attempt < BIND_ATTEMPTS; attempt++) {
            List<DnsSockets> bound = new ArrayList<>();
            try {
                for (int i = 1; i <= addresses; i++) {
                    int port = bound.isEmpty() ? 0 : bound.get(0).address().getPort();
                    InetAddress host = InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) i});
                    bound.add(new DnsSockets(host, port, this::answer, threads));
                }
                return bound;
            } catch (IOException taken) {
                last = taken;
                for (DnsSockets each : bound) {
                    each.close();
                }
            }
        }
        throw last;
    }

    /** The port, the same at all addresses. */
    public int port() {
        return address().getPort();
    }

    /** The first address, 127.0.0.1, with the port. */
    public InetSocketAddress address() {
        return addresses().get(0);
    }

    public List<InetSocketAddress> addresses() {
        return sockets.stream().map(DnsSockets::address).toList();
    }

    /**
     * Makes the server authoritative for a zone, with a SOA, and for each address of the server a name server
     * {@code nsN.ZONE} and its A record.
     */
    public TestDns zone(String name) {
        Name origin = name(name);
        zones.addZone(origin);
        add(name, "SOA", "ns1." + origin + " hostmaster." + origin + " 1 3600 600 86400 60");
        for (int i = 0; i < sockets.size(); i++) {
            String server = "ns" + (i + 1) + "." + origin;
            add(name, "NS", server);
            add(server, "A", sockets.get(i).address().getAddress().getHostAddress());
        }
        return this;
    }

    /**
     * Delegates a name below a zone to a name server, whose address is given as glue if it is in the zone. A child zone that
     * this server has, too, is answered from; otherwise the answer is a referral.
     */
    public TestDns delegate(String child, String nameServer, String address) {
        add(child, "NS", absolute(nameServer));
        return add(nameServer, address.indexOf(':') < 0 ? "A" : "AAAA", address);
    }

    /**
     * Adds a record, with a TTL of 60 seconds.
     *
     * @param type for instance {@code CNAME}
     * @param data as in a zone file; names in it are absolute, with or without the final dot
     * @throws IllegalArgumentException if the data are malformed, or the name is in none of the server's zones
     */
    public TestDns add(String name, String type, String data) {
        zones.add(record(name, type, data), null, 0);
        return this;
    }

    /** Removes a record; does nothing if it is not there. */
    public TestDns remove(String name, String type, String data) {
        zones.remove(record(name, type, data));
        return this;
    }

    /** Removes all records of a type at a name. */
    public TestDns removeAll(String name, String type) {
        zones.removeAll(name(name), Type.value(type));
        return this;
    }

    /** Adds a TXT record of one value, beside those that are there. */
    public TestDns txt(String name, String value) {
        zones.add(txtRecord(name, value), null, 0);
        return this;
    }

    /** Adds a TXT record that is seen after so many queries for TXT at its name, as if it had to be distributed first. */
    public TestDns txtAfter(String name, String value, int queries) {
        zones.add(txtRecord(name, value), null, queries + 1);
        return this;
    }

    /** Adds a TXT record that only one of the server's addresses has. */
    public TestDns txtOnlyAt(InetSocketAddress address, String name, String value) {
        if (!addresses().contains(address)) {
            throw new IllegalArgumentException(address + " is none of " + addresses());
        }
        zones.add(txtRecord(name, value), address, 0);
        return this;
    }

    public TestDns removeTxt(String name, String value) {
        zones.remove(txtRecord(name, value));
        return this;
    }

    /** The values of the TXT records at a name, those not seen yet included. */
    public List<String> txt(String name) {
        return zones.all(name(name), Type.TXT).stream()
                .map(record -> String.join("", ((TXTRecord) record).getStrings()))
                .toList();
    }

    /** Makes so many queries for a name, of any type, go wrong; faults happen in the order of these calls. */
    public TestDns fault(String name, DnsFault fault, int times) {
        if (times < 1) {
            throw new IllegalArgumentException("A fault happens at least once, not " + times + " times");
        }
        synchronized (faults) {
            faults.add(new PlannedFault(name(name), fault, times));
        }
        return this;
    }

    /** Forgets the faults that have not happened yet. */
    public TestDns clearFaults() {
        synchronized (faults) {
            faults.clear();
        }
        return this;
    }

    /** The queries received, in the order of arrival. */
    public List<DnsQuery> queries() {
        return List.copyOf(queries);
    }

    public TestDns clearQueries() {
        queries.clear();
        return this;
    }

    private byte @Nullable [] answer(byte[] wire, boolean tcp, InetSocketAddress address)
            throws IOException, InterruptedException {
        Message query = new Message(wire);
        Record question = query.getQuestion();
        if (question == null || query.getHeader().getFlag(Flags.QR)) {
            return null;
        }
        queries.add(new DnsQuery(
                question.getName().toString(true).toLowerCase(Locale.ROOT),
                Type.string(question.getType()),
                tcp,
                query.getHeader().getFlag(Flags.RD),
                address));
        DnsFault fault = nextFault(question.getName());
        if (fault != null) {
            TimeUnit.NANOSECONDS.sleep(fault.delay().toNanos());
            if (fault.drops(tcp)) {
                return null;
            }
        }
        return answer(query, question, tcp, address, fault);
    }

    private byte[] answer(
            Message query, Record question, boolean tcp, InetSocketAddress address, @Nullable DnsFault fault) {
        Message answer = new Message(query.getHeader().getID());
        answer.getHeader().setFlag(Flags.QR);
        if (query.getHeader().getFlag(Flags.RD)) {
            answer.getHeader().setFlag(Flags.RD);
        }
        answer.addRecord(question, Section.QUESTION);
        OPTRecord options = query.getOPT();
        if (fault != null && fault.hasRcode()) {
            answer.getHeader().setRcode(fault.rcode());
        } else if (fault != null && fault.truncates(tcp)) {
            answer.getHeader().setFlag(Flags.TC);
        } else if (query.getHeader().getOpcode() != Opcode.QUERY) {
            answer.getHeader().setRcode(Rcode.NOTIMP);
        } else {
            zones.answer(question.getName(), question.getType(), address, answer);
        }
        if (options != null) {
            answer.addRecord(new OPTRecord(MAX_MESSAGE, 0, 0), Section.ADDITIONAL);
        }
        int udpLimit = options == null ? UDP_LIMIT : Math.max(UDP_LIMIT, options.getPayloadSize());
        return answer.toWire(tcp ? MAX_MESSAGE : udpLimit);
    }

    private @Nullable DnsFault nextFault(Name name) {
        synchronized (faults) {
            for (int i = 0; i < faults.size(); i++) {
                PlannedFault planned = faults.get(i);
                if (planned.name.equals(name)) {
                    if (planned.times == 1) {
                        faults.remove(i);
                    } else {
                        faults.set(i, new PlannedFault(name, planned.fault, planned.times - 1));
                    }
                    return planned.fault;
                }
            }
            return null;
        }
    }

    /** Stops listening and closes all connections. */
    @Override
    public void close() {
        threads.shutdownNow();
        for (DnsSockets each : sockets) {
            try {
                each.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static Record record(String name, String type, String data) {
        int number = Type.value(type);
        if (number < 0) {
            throw new IllegalArgumentException("There is no type of records \"" + type + "\"");
        }
        try {
            return Record.fromString(name(name), number, DClass.IN, TTL_SECONDS, data, Name.root);
        } catch (IOException e) {
            throw new IllegalArgumentException("Not a " + type + " record: " + data, e);
        }
    }

    /** With the strings of at most 255 bytes that a long value takes (RFC 1035 section 3.3.14). */
    private static TXTRecord txtRecord(String name, String value) {
        List<String> strings = value.isEmpty() ? List.of("") : Arrays.asList(value.split("(?<=\\G.{255})"));
        if (!StandardCharsets.US_ASCII.newEncoder().canEncode(value)) {
            throw new IllegalArgumentException("A TXT value in ASCII is needed, not " + value);
        }
        return new TXTRecord(name(name), DClass.IN, TTL_SECONDS, strings);
    }

    private static Name name(String text) {
        try {
            return Name.fromString(absolute(text).toLowerCase(Locale.ROOT));
        } catch (TextParseException e) {
            throw new IllegalArgumentException("Not a domain name: " + text, e);
        }
    }

    private static String absolute(String name) {
        return name.endsWith(".") ? name : name + ".";
    }

    /** For the log of a test. */
    @Override
    public String toString() {
        return "TestDns at " + addresses();
    }
}
