package org.wucme.cli.doctor;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.wucme.acme.Identifier;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Type;

/** Where a name leads to, by the DNS, by this machine, and whether that is this machine. */
public final class Addresses {

    private static final String DNS = "dns";

    private final Dns dns;

    public Addresses(Dns dns) {
        this.dns = dns;
    }

    /** What is found of a name or an address. */
    public List<Finding> examine(Identifier identifier) {
        if (identifier.isWildcard()) {
            return List.of(Finding.problem(
                    DNS, identifier + ": only dns-01 proves a wildcard, and that has to be solved elsewhere yet"));
        }
        try {
            return identifier.type().equals(Identifier.IP)
                    ? ofAddresses(identifier, List.of(InetAddress.getByName(identifier.value())))
                    : ofName(identifier);
        } catch (IOException e) {
            return List.of(Finding.problem(DNS, identifier + ": " + e.getMessage()));
        }
    }

    private List<Finding> ofName(Identifier name) throws IOException {
        Name asked = Name.fromString(name.value() + ".");
        List<InetAddress> found = new ArrayList<>();
        dns.records(asked, Type.A, ARecord.class).forEach(record -> found.add(record.getAddress()));
        dns.records(asked, Type.AAAA, AAAARecord.class).forEach(record -> found.add(record.getAddress()));
        if (found.isEmpty()) {
            return List.of(
                    Finding.problem(DNS, name + " has neither an A nor an AAAA record, so no CA finds this server"));
        }
        List<Finding> findings = new ArrayList<>(ofAddresses(name, found));
        Set<InetAddress> here = resolvedHere(name);
        if (!here.equals(Set.copyOf(found))) {
            findings.add(Finding.warning(
                    DNS, name + " leads to " + list(here) + " on this machine, by its hosts file or a DNS of its own"));
        }
        return findings;
    }

    private static Set<InetAddress> resolvedHere(Identifier name) {
        try {
            return Set.of(InetAddress.getAllByName(name.value()));
        } catch (UnknownHostException e) {
            return Set.of();
        }
    }

    private static List<Finding> ofAddresses(Identifier identifier, List<InetAddress> found) throws IOException {
        List<Finding> findings = new ArrayList<>();
        Set<InetAddress> ours = addressesOfThisMachine();
        List<InetAddress> elsewhere =
                found.stream().filter(address -> !ours.contains(address)).toList();
        List<InetAddress> secluded =
                found.stream().filter(Addresses::isSecluded).toList();
        String where = identifier + " leads to " + list(found);
        if (elsewhere.isEmpty()) {
            findings.add(Finding.ok(DNS, where + ", which is this machine"));
        } else {
            findings.add(Finding.warning(
                    DNS,
                    where + ": " + list(elsewhere)
                            + " is no address of this machine, so a router or another server has to lead the CA here"));
        }
        if (!secluded.isEmpty()) {
            findings.add(
                    Finding.warning(DNS, "no CA on the Internet reaches " + list(secluded) + ", only one of your own"));
        }
        if (found.stream().anyMatch(Inet6Address.class::isInstance)) {
            findings.add(Finding.ok(
                    DNS, identifier + " has an IPv6 address: CAs try that first, so it must lead here as well"));
        }
        return findings;
    }

    private static boolean isSecluded(InetAddress address) {
        boolean isUniqueLocal = address instanceof Inet6Address && (address.getAddress()[0] & 0xfe) == 0xfc;
        return address.isLoopbackAddress()
                || address.isSiteLocalAddress()
                || address.isLinkLocalAddress()
                || isUniqueLocal;
    }

    private static Set<InetAddress> addressesOfThisMachine() throws IOException {
        Set<InetAddress> addresses = new HashSet<>();
        try (Stream<NetworkInterface> interfaces = NetworkInterface.networkInterfaces()) {
            interfaces.forEach(each -> each.inetAddresses().forEach(addresses::add));
        }
        return addresses;
    }

    private static String list(Collection<InetAddress> addresses) {
        return addresses.isEmpty()
                ? "nothing"
                : addresses.stream().map(InetAddress::getHostAddress).sorted().collect(Collectors.joining(", "));
    }
}
