package org.wucme.cli.doctor;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.wucme.acme.Identifier;
import org.wucme.cli.doctor.Finding.Grade;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Type;

/**
 * Where a name leads to, by the DNS, by this machine's lookup (hosts file, nsswitch), and whether that is this machine. A CA on
 * the Internet goes by the DNS; one of one's own may look names up as this machine does.
 */
public final class Addresses {

    private static final String DNS = "dns";

    private final Dns dns;
    private final Lookup lookup;
    private final Grade onlyHere;

    /** How this machine finds the addresses of a name. */
    interface Lookup {
        InetAddress[] find(String name) throws UnknownHostException;
    }

    /**
     * By the lookup of the system, beside the DNS.
     *
     * @param onlyHere how bad it is if only the system knows a name: a warning for a CA of one's own
     */
    public Addresses(Dns dns, Grade onlyHere) {
        this(dns, onlyHere, InetAddress::getAllByName);
    }

    Addresses(Dns dns, Grade onlyHere, Lookup lookup) {
        this.dns = dns;
        this.onlyHere = onlyHere;
        this.lookup = lookup;
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
        Set<InetAddress> here = resolvedHere(name);
        try {
            Set<InetAddress> found = resolvedByDns(name);
            return found.isEmpty() ? unknownToDns(name, here) : knownToDns(name, found, here);
        } catch (IOException e) {
            if (here.isEmpty()) {
                throw e;
            }
            return knownHere(name, here, String.valueOf(e.getMessage()));
        }
    }

    private Set<InetAddress> resolvedByDns(Identifier name) throws IOException {
        Name asked = Name.fromString(name.value() + ".");
        Set<InetAddress> found = new LinkedHashSet<>();
        dns.records(asked, Type.A, ARecord.class).forEach(record -> found.add(record.getAddress()));
        dns.records(asked, Type.AAAA, AAAARecord.class).forEach(record -> found.add(record.getAddress()));
        return found;
    }

    private Set<InetAddress> resolvedHere(Identifier name) {
        try {
            return new LinkedHashSet<>(List.of(lookup.find(name.value())));
        } catch (UnknownHostException e) {
            return Set.of();
        }
    }

    private static List<Finding> knownToDns(Identifier name, Set<InetAddress> found, Set<InetAddress> here)
            throws IOException {
        List<Finding> findings = new ArrayList<>(ofAddresses(name, found));
        // A lookup may leave some out: IPv6 where this machine has none, or those that another turn of the DNS brings.
        List<InetAddress> unknown =
                here.stream().filter(address -> !found.contains(address)).toList();
        if (here.equals(found)) {
            findings.add(Finding.ok(DNS, name + ": the DNS and this machine's name lookup say the same"));
        } else if (here.isEmpty()) {
            findings.add(Finding.warning(
                    DNS,
                    name
                            + " leads to nothing on this machine: the DNS knows it, but not this machine's name lookup (hosts"
                            + " file, nsswitch)"));
        } else if (unknown.isEmpty()) {
            findings.add(Finding.ok(
                    DNS, name + ": this machine's name lookup finds " + list(here) + ", which the DNS knows as well"));
        } else {
            findings.add(Finding.warning(
                    DNS,
                    name + " leads to " + list(unknown)
                            + " on this machine, by its hosts file or a DNS of its own (nsswitch)," + " and to "
                            + list(found) + " by the DNS, by which CAs go"));
        }
        return findings;
    }

    private List<Finding> unknownToDns(Identifier name, Set<InetAddress> here) throws IOException {
        String absence = name + " has neither an A nor an AAAA record";
        return here.isEmpty()
                ? List.of(Finding.problem(
                        DNS, absence + ", nor does this machine's name lookup know it, so no CA finds this server"))
                : knownHere(name, here, absence + ", so no CA on the Internet finds this server");
    }

    private List<Finding> knownHere(Identifier name, Set<InetAddress> here, String dnsSays) throws IOException {
        List<Finding> findings = new ArrayList<>(ofAddresses(name, here));
        findings.add(new Finding(
                onlyHere,
                DNS,
                name + ": only this machine's name lookup (hosts file, nsswitch) knows it, as " + list(here) + "; "
                        + dnsSays + ". A CA of your own must find it in its own way"));
        return findings;
    }

    private static List<Finding> ofAddresses(Identifier identifier, Collection<InetAddress> found) throws IOException {
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
