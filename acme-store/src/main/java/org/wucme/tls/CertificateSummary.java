package org.wucme.tls;

import java.math.BigInteger;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.wucme.acme.Identifier;
import org.wucme.acme.internal.jca.TlsKeyType;
import org.wucme.acme.pki.CertificateChain;

/**
 * What must be known of a certificate to choose it: little, because it is kept of every certificate.
 *
 * @param name what the store calls it
 * @param serverNames the names and addresses in it, in lower case
 * @param hasAddress whether an address is among them
 * @param keyType the type of its key
 * @param serialNumber what its issuer numbered it
 * @param notAfter when it expires
 */
record CertificateSummary(
        String name,
        Set<String> serverNames,
        boolean hasAddress,
        TlsKeyType keyType,
        BigInteger serialNumber,
        Instant notAfter) {

    /**
     * What there is to know of a certificate.
     *
     * @throws IllegalArgumentException if its names cannot be read
     */
    static CertificateSummary of(String name, X509Certificate leaf) {
        Set<Identifier> identifiers = CertificateChain.identifiersOf(leaf);
        return new CertificateSummary(
                name,
                identifiers.stream()
                        .map(identifier -> identifier.value().toLowerCase(Locale.ROOT))
                        .collect(Collectors.toUnmodifiableSet()),
                identifiers.stream().anyMatch(identifier -> identifier.type().equals(Identifier.IP)),
                TlsKeyType.of(leaf.getPublicKey()),
                leaf.getSerialNumber(),
                leaf.getNotAfter().toInstant());
    }

    boolean isExpiredAt(Instant now) {
        return notAfter.isBefore(now);
    }
}
