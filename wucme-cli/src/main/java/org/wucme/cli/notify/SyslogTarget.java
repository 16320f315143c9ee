package org.wucme.cli.notify;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Syslog, in the place of OpenVMS's OPCOM: one message for each facility that was asked for. */
abstract class SyslogTarget implements Target {

    private static final Map<String, Integer> PORTS = Map.of("udp", 514, "tcp", 601);

    private final Set<Facility> facilities;

    SyslogTarget(Set<Facility> facilities) {
        this.facilities = facilities;
    }

    /**
     * Reads {@code local}, {@code udp://HOST[:PORT]} or {@code tcp://HOST[:PORT]}.
     *
     * @throws IllegalArgumentException if it is none
     */
    static SyslogTarget parse(String where, Set<Facility> facilities) {
        if (where.equals("local")) {
            return new LocalSyslog(facilities);
        }
        ServerUrl server = ServerUrl.parse("syslog (local, or a server)", where, PORTS);
        return server.scheme().equals("udp") ? new UdpSyslog(server, facilities) : new TcpSyslog(server, facilities);
    }

    /** The facilities, in the order of their numbers. */
    final List<Facility> facilities() {
        return facilities.stream().sorted().toList();
    }

    /** The machine that a notice comes from: a server knows it by its full name, if it has one. */
    static String senderOf(Notice notice) {
        return new MachineName(notice.host()).full().orElse(notice.host());
    }

    /** Facilities for a log. */
    final String as() {
        return " as " + facilities().stream().map(Facility::word).collect(Collectors.joining(", "));
    }

    @Override
    public abstract String send(Notice notice) throws IOException;
}
