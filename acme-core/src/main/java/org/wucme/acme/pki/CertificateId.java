package org.wucme.acme.pki;

import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.x509.AuthorityKeyIdentifier;
import org.bouncycastle.asn1.x509.Extension;

/**
 * The name that a certificate has in renewal information, and in an order that replaces it (RFC 9773 section 4.1).
 *
 * @param value the authority key identifier and the serial number, each as base64url, a period between them
 */
public record CertificateId(String value) {

    /** The name of a certificate; empty if it has no authority key identifier, so that it cannot be named. */
    public static Optional<CertificateId> of(X509Certificate certificate) {
        byte[] extension = certificate.getExtensionValue(Extension.authorityKeyIdentifier.getId());
        if (extension == null) {
            return Optional.empty();
        }
        byte[] key;
        try {
            key = AuthorityKeyIdentifier.getInstance(
                            ASN1OctetString.getInstance(extension).getOctets())
                    .getKeyIdentifierOctets();
        } catch (IllegalArgumentException malformed) {
            return Optional.empty();
        }
        return key == null
                ? Optional.empty()
                : Optional.of(new CertificateId(base64url(key) + "."
                        + base64url(certificate.getSerialNumber().toByteArray())));
    }

    private static String base64url(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    @Override
    public String toString() {
        return value;
    }
}
