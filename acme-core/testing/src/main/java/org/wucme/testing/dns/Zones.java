package org.wucme.testing.dns;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** The zones and their records, and what an authoritative server answers from them (RFC 1034 section 4.3.2). */
final class Zones {
    private static final int LONGEST_CHAIN = 16;

    private final Set<Name> origins = new HashSet<>();
    private final Map<Name, List<Entry>> entries = new HashMap<>();

    /** A record, who sees it, and from which query of its name and type on. */
    private static final class Entry {
        final Record record;
        final @Nullable InetSocketAddress onlyAt;
        int hiddenFor;

        Entry(Record record, @Nullable InetSocketAddress onlyAt, int hiddenFor) {
            this.record = record;
            this.onlyAt = onlyAt;
            this.hiddenFor = hiddenFor;
        }

        boolean isVisibleAt(InetSocketAddress address) {
            return hiddenFor <= 0 && (onlyAt == null || onlyAt.equals(address));
        }
    }

    synchronized void addZone(Name origin) {
        origins.add(origin);
    }

    /** Adds a record unless the same one is there. */
    synchronized void add(Record record, @Nullable InetSocketAddress onlyAt, int hiddenFor) {
        if (zoneOf(record.getName()) == null) {
            throw new IllegalArgumentException("No zone of this server has " + record.getName());
        }
        List<Entry> there = entries.computeIfAbsent(record.getName(), name -> new ArrayList<>());
        there.removeIf(entry -> entry.record.equals(record));
        there.add(new Entry(record, onlyAt, hiddenFor));
    }

    synchronized void remove(Record record) {
        entries.getOrDefault(record.getName(), List.of()).removeIf(entry -> entry.record.equals(record));
    }

    synchronized void removeAll(Name name, int type) {
        entries.getOrDefault(name, List.of()).removeIf(entry -> entry.record.getType() == type);
    }

    /** All records of a name and type, the hidden ones included. */
    synchronized List<Record> all(Name name, int type) {
        return entries.getOrDefault(name, List.of()).stream()
                .map(entry -> entry.record)
                .filter(record -> record.getType() == type)
                .toList();
    }

    /** Fills the answer to a question that came to one of the server's addresses. */
    synchronized void answer(Name asked, int type, InetSocketAddress address, Message answer) {
        countDown(asked, type);
        Name name = asked;
        for (int step = 0; step < LONGEST_CHAIN; step++) {
            Name zone = zoneOf(name);
            if (zone == null) {
                if (step == 0) {
                    answer.getHeader().setRcode(Rcode.REFUSED);
                }
                return;
            }
            Name cut = delegation(name, zone, address);
            if (cut != null) {
                refer(cut, address, answer);
                return;
            }
            answer.getHeader().setFlag(Flags.AA);
            List<Record> alias = type == Type.CNAME ? List.of() : visible(name, Type.CNAME, address);
            if (alias.isEmpty()) {
                finish(name, type, zone, address, answer);
                return;
            }
            answer.addRecord(alias.get(0), Section.ANSWER);
            name = ((org.xbill.DNS.CNAMERecord) alias.get(0)).getTarget();
        }
    }

    private void countDown(Name name, int type) {
        entries.getOrDefault(name, List.of()).stream()
                .filter(entry -> entry.record.getType() == type && entry.hiddenFor > 0)
                .forEach(entry -> entry.hiddenFor--);
    }

    private @Nullable Name zoneOf(Name name) {
        for (int labels = 0; labels < name.labels(); labels++) {
            Name candidate = new Name(name, labels);
            if (origins.contains(candidate)) {
                return candidate;
            }
        }
        return null;
    }

    /** The highest name below the zone's own at which another zone begins, if it is on the way. */
    private @Nullable Name delegation(Name name, Name zone, InetSocketAddress address) {
        for (int labels = name.labels() - zone.labels() - 1; labels >= 0; labels--) {
            Name candidate = new Name(name, labels);
            if (!visible(candidate, Type.NS, address).isEmpty()) {
                return candidate;
            }
        }
        return null;
    }

    private void refer(Name cut, InetSocketAddress address, Message answer) {
        for (Record server : visible(cut, Type.NS, address)) {
            answer.addRecord(server, Section.AUTHORITY);
            Name host = ((org.xbill.DNS.NSRecord) server).getTarget();
            visible(host, Type.A, address).forEach(glue -> answer.addRecord(glue, Section.ADDITIONAL));
            visible(host, Type.AAAA, address).forEach(glue -> answer.addRecord(glue, Section.ADDITIONAL));
        }
    }

    private void finish(Name name, int type, Name zone, InetSocketAddress address, Message answer) {
        List<Record> found = visible(name, type, address);
        found.forEach(record -> answer.addRecord(record, Section.ANSWER));
        if (!found.isEmpty()) {
            return;
        }
        if (!exists(name, address)) {
            answer.getHeader().setRcode(Rcode.NXDOMAIN);
        }
        visible(zone, Type.SOA, address).forEach(soa -> answer.addRecord(soa, Section.AUTHORITY));
    }

    /** Whether a name, or one below it, has a record (RFC 8020: an empty name between is no NXDOMAIN). */
    private boolean exists(Name name, InetSocketAddress address) {
        return entries.entrySet().stream()
                .anyMatch(named -> named.getKey().subdomain(name)
                        && named.getValue().stream().anyMatch(entry -> entry.isVisibleAt(address)));
    }

    private List<Record> visible(Name name, int type, InetSocketAddress address) {
        return entries.getOrDefault(name, List.of()).stream()
                .filter(entry -> entry.isVisibleAt(address))
                .map(entry -> entry.record)
                .filter(record -> record.getDClass() == DClass.IN)
                .filter(record -> type == Type.ANY || record.getType() == type)
                .toList();
    }
}
