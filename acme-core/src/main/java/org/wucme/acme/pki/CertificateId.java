package org.wucme.acme.pki;

import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.x509.AuthorityKeyIdentifier;
import org.bouncycastle.asn1.x509.Extension;
import org.wucme.acme.internal.octets.Base64Url;

/**
 * The name that a certificate has in renewal information, and in an order that replaces it (RFC 9773 section 4.1).
 *
 * @param value the authority key identifier and the serial number, each as base64url, a period between them, such as
 *     {@code aYhba4dGQEHhs3uEe6CuLN4ByNQ.AIdlQyE}
 */
public record CertificateId(String value) {

    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+");

    /**
     * Checks its form.
     *
     * @throws IllegalArgumentException if it is something else than two base64url texts and a period
     */
    public CertificateId {
        if (!FORM.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    "\"" + value + "\" is not the identifier of a certificate: two base64url texts and a period");
        }
    }

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
        return key == null || key.length == 0
                ? Optional.empty()
                : Optional.of(new CertificateId(Base64Url.encode(key) + "."
                        + Base64Url.encode(certificate.getSerialNumber().toByteArray())));
    }

    @Override
    public String toString() {
        return value;
    }
}
