package org.wucme.acme.pki;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x500.style.IETFUtils;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.jspecify.annotations.Nullable;
import org.wucme.acme.Identifier;

/** Reads what stands in a certificate signing request (RFC 2986) that somebody else made. */
final class RequestReader {

    private static final int IPV4_OCTETS = 4;

    private RequestReader() {}

    static PublicKey publicKey(PKCS10CertificationRequest request) {
        try {
            return EncodedKeys.publicKey(request.getSubjectPublicKeyInfo());
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalArgumentException("a certificate signing request with a key of an unknown kind", e);
        }
    }

    static Set<Identifier> identifiers(PKCS10CertificationRequest request) {
        Set<Identifier> identifiers = new LinkedHashSet<>();
        for (GeneralName name : alternativeNames(request)) {
            if (name.getTagNo() == GeneralName.dNSName) {
                identifiers.add(Identifier.dns(name.getName().toString()));
            } else if (name.getTagNo() == GeneralName.iPAddress) {
                identifiers.add(Identifier.ip(
                        address(ASN1OctetString.getInstance(name.getName()).getOctets())));
            }
        }
        for (RDN part : request.getSubject().getRDNs(BCStyle.CN)) {
            Arrays.stream(part.getTypesAndValues())
                    .filter(value -> value.getType().equals(BCStyle.CN))
                    .map(value -> IETFUtils.valueToString(value.getValue()))
                    .forEach(commonName -> nameOrAddress(commonName).ifPresent(identifiers::add));
        }
        return identifiers;
    }

    // Not every common name is one of the names: it may say whose the key is.
    private static Optional<Identifier> nameOrAddress(String commonName) {
        try {
            return Optional.of(Identifier.of(commonName));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static GeneralName[] alternativeNames(PKCS10CertificationRequest request) {
        @Nullable Extensions extensions = request.getRequestedExtensions();
        @Nullable
        GeneralNames names =
                extensions == null ? null : GeneralNames.fromExtensions(extensions, Extension.subjectAlternativeName);
        return names == null ? new GeneralName[0] : names.getNames();
    }

    private static String address(byte[] octets) {
        if (octets.length == IPV4_OCTETS) {
            return IntStream.range(0, octets.length)
                    .mapToObj(i -> Integer.toString(octets[i] & 0xff))
                    .collect(Collectors.joining("."));
        }
        return IntStream.range(0, octets.length / 2)
                .mapToObj(i -> Integer.toHexString((octets[2 * i] & 0xff) << 8 | (octets[2 * i + 1] & 0xff)))
                .collect(Collectors.joining(":"));
    }
}
