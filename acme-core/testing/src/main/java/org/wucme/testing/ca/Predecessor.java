package org.wucme.testing.ca;

import java.security.cert.X509Certificate;
import java.util.Base64;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.x509.AuthorityKeyIdentifier;
import org.bouncycastle.asn1.x509.Extension;

/** The certificate that an order replaces (RFC 9773 sections 4.1 and 5). */
final class Predecessor {
    private final Registry registry;

    Predecessor(Registry registry) {
        this.registry = registry;
    }

    /** Finds the certificate of an identifier, or refuses in one of the ways that are seen at CAs. */
    CertificateState find(String id, AccountState account) {
        String keyPart = id.substring(0, Math.max(0, id.indexOf('.')));
        CertificateState found = null;
        for (CertificateState certificate : registry.certificates()) {
            String known = id(certificate.leaf);
            if (known.equals(id)) {
                found = certificate;
            }
            if (!known.startsWith(keyPart + ".")) {
                throw Problem.malformed("This CA has no key " + keyPart);
            }
        }
        if (found == null) {
            throw Problem.notFound("There is no certificate " + id);
        }
        if (found.account != account) {
            throw Problem.unauthorized("The certificate to be replaced belongs to another account");
        }
        if (found.replaced) {
            throw new Problem(409, "alreadyReplaced", "The certificate was replaced before");
        }
        return found;
    }

    static String id(X509Certificate certificate) {
        byte[] extension = certificate.getExtensionValue(Extension.authorityKeyIdentifier.getId());
        byte[] key = AuthorityKeyIdentifier.getInstance(
                        ASN1OctetString.getInstance(extension).getOctets())
                .getKeyIdentifierOctets();
        Base64.Encoder base64url = Base64.getUrlEncoder().withoutPadding();
        return base64url.encodeToString(key) + "."
                + base64url.encodeToString(certificate.getSerialNumber().toByteArray());
    }
}
