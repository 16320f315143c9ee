package org.wucme.testing.ca;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.security.cert.X509Certificate;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.x509.AuthorityKeyIdentifier;
import org.bouncycastle.asn1.x509.Extension;

/** Renewal information (RFC 9773): unsigned, for anybody who knows the certificate. */
final class RenewalService {
    private final Registry registry;
    private final Settings settings;

    RenewalService(Registry registry, Settings settings) {
        this.registry = registry;
        this.settings = settings;
    }

    Reply answer(String certificateId) {
        CertificateState certificate = registry.certificates().stream()
                .filter(issued -> idOf(issued.leaf).equals(certificateId))
                .findFirst()
                .orElseThrow(() -> Problem.notFound("There is no certificate " + certificateId));
        RenewalWindow window = windowOf(certificate);
        ObjectNode json = Json.object();
        json.putObject("suggestedWindow")
                .put("start", window.start().toString())
                .put("end", window.end().toString());
        Reply reply = Reply.json(200, json);
        String retryAfter = settings.retryAfter.get(Endpoint.RENEWAL_INFO);
        return retryAfter == null ? reply : reply.with("Retry-After", retryAfter);
    }

    private RenewalWindow windowOf(CertificateState certificate) {
        synchronized (registry) {
            if (certificate.renewalWindow != null) {
                return certificate.renewalWindow;
            }
            X509Certificate leaf = certificate.leaf;
            return certificate.revoked
                    ? RenewalWindow.before(settings.now())
                    : RenewalWindow.usual(
                            leaf.getNotBefore().toInstant(), leaf.getNotAfter().toInstant());
        }
    }

    /** RFC 9773 section 4.1: the key identifier and the content octets of the serial number. */
    static String idOf(X509Certificate leaf) {
        byte[] extension = leaf.getExtensionValue(Extension.authorityKeyIdentifier.getId());
        AuthorityKeyIdentifier authority = AuthorityKeyIdentifier.getInstance(
                ASN1OctetString.getInstance(extension).getOctets());
        byte[] serial = new ASN1Integer(leaf.getSerialNumber()).getValue().toByteArray();
        return Base64Url.encode(authority.getKeyIdentifierOctets()) + "." + Base64Url.encode(serial);
    }
}
