package org.wucme.tls;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/**
 * Which certificates there are, and for which names. Thread-safe, without a lock for readers; of two changes of one
 * certificate the second must come after the first.
 */
final class CertificateIndex {

    private static final Comparator<CertificateSummary> LONGEST_FIRST = Comparator.comparing(
                    CertificateSummary::notAfter, Comparator.reverseOrder())
            .thenComparing(CertificateSummary::name);

    private final NavigableMap<String, CertificateSummary> byName = new ConcurrentSkipListMap<>();
    private final NavigableMap<String, CertificateSummary> withAddress = new ConcurrentSkipListMap<>();
    private final Map<String, List<CertificateSummary>> byServerName = new ConcurrentHashMap<>();

    /** Adds a certificate, in the place of what had its name; returns that. */
    @Nullable
    CertificateSummary put(CertificateSummary certificate) {
        String name = certificate.name();
        certificate.serverNames().forEach(serverName -> setAt(serverName, name, certificate));
        if (certificate.hasAddress()) {
            withAddress.put(name, certificate);
        } else {
            withAddress.remove(name);
        }
        CertificateSummary before = byName.put(name, certificate);
        // Last, so that a name that both have is found at every moment.
        if (before != null) {
            before.serverNames().stream()
                    .filter(serverName -> !certificate.serverNames().contains(serverName))
                    .forEach(serverName -> setAt(serverName, name, null));
        }
        return before;
    }

    /** Takes a certificate out; returns it if it was there. */
    @Nullable
    CertificateSummary remove(String name) {
        withAddress.remove(name);
        CertificateSummary before = byName.remove(name);
        if (before != null) {
            before.serverNames().forEach(serverName -> setAt(serverName, name, null));
        }
        return before;
    }

    private void setAt(String serverName, String name, @Nullable CertificateSummary certificate) {
        byServerName.compute(serverName, (unused, before) -> {
            List<CertificateSummary> after = new ArrayList<>(before == null ? List.of() : before);
            after.removeIf(other -> other.name().equals(name));
            if (certificate != null) {
                after.add(certificate);
            }
            after.sort(LONGEST_FIRST);
            return after.isEmpty() ? null : List.copyOf(after);
        });
    }

    /**
     * The certificates for a name or address, best first: those that hold the name itself, then those with a wildcard in the
     * place of its first label (RFC 6125 section 6.4.3); of several, the one that lives longest.
     */
    List<CertificateSummary> find(String serverName) {
        List<CertificateSummary> exact = byServerName.getOrDefault(serverName, List.of());
        int dot = serverName.indexOf('.');
        if (dot <= 0) {
            return exact;
        }
        List<CertificateSummary> wildcard = byServerName.getOrDefault("*" + serverName.substring(dot), List.of());
        if (wildcard.isEmpty() || exact.isEmpty()) {
            return exact.isEmpty() ? wildcard : exact;
        }
        List<CertificateSummary> both = new ArrayList<>(exact);
        both.addAll(wildcard);
        return both;
    }

    /** A certificate; null if there is none of this name. */
    @Nullable
    CertificateSummary get(String name) {
        return byName.get(name);
    }

    /** The first certificate in the order of names; null if there is none. */
    @Nullable
    CertificateSummary first() {
        return first(byName);
    }

    /** The first certificate for an address, in the order of names; null if there is none. */
    @Nullable
    CertificateSummary firstWithAddress() {
        return first(withAddress);
    }

    /** What the store calls the certificates. */
    Set<String> names() {
        return Set.copyOf(byName.keySet());
    }

    private static @Nullable CertificateSummary first(NavigableMap<String, CertificateSummary> certificates) {
        Map.Entry<String, CertificateSummary> first = certificates.firstEntry();
        return first == null ? null : first.getValue();
    }
}
