package org.wucme.challenges.tlsalpn;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.wucme.acme.Identifier;
import org.wucme.acme.challenge.KeyAuthorization;
import org.wucme.acme.challenge.TlsAlpn01;
import org.wucme.acme.internal.jca.Jca;
import org.wucme.acme.pki.KeyType;

/**
 * The self-signed certificate that answers a tls-alpn-01 challenge: one name or address, and the critical acmeIdentifier
 * extension (RFC 8737 section 3, RFC 8738 section 6). Immutable.
 */
final class ChallengeCertificate {

    private static final ASN1ObjectIdentifier ACME_IDENTIFIER = new ASN1ObjectIdentifier(TlsAlpn01.EXTENSION_OID);
    private static final X500Name NOBODY = new X500Name("CN=" + TlsAlpn01.TYPE);
    private static final int SERIAL_BITS = 128;
    private static final String SIGNATURE = "SHA256withECDSA";
    // Generous on both sides, because the CA's clock may differ from ours.
    private static final Duration CLOCK_SKEW = Duration.ofDays(1);
    private static final Duration LIFETIME = Duration.ofDays(7);

    private final PrivateKey key;
    private final X509Certificate certificate;

    private ChallengeCertificate(PrivateKey key, X509Certificate certificate) {
        this.key = key;
        this.certificate = certificate;
    }

    /** Makes one, with a new P-256 key. */
    static ChallengeCertificate create(Identifier identifier, KeyAuthorization answer) {
        KeyPair pair = KeyType.EC_P256.generate();
        Instant now = Instant.now();
        X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                NOBODY,
                new BigInteger(SERIAL_BITS, Jca.random()).setBit(0),
                Date.from(now.minus(CLOCK_SKEW)),
                Date.from(now.plus(LIFETIME)),
                NOBODY,
                pair.getPublic());
        try {
            builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(name(identifier)));
            builder.addExtension(ACME_IDENTIFIER, true, TlsAlpn01.extensionValue(answer));
            ContentSigner signer = new JcaContentSignerBuilder(SIGNATURE)
                    .setProvider(Jca.provider("Signature", SIGNATURE))
                    .build(pair.getPrivate());
            X509Certificate certificate = new JcaX509CertificateConverter()
                    .setProvider(Jca.provider("CertificateFactory", "X.509"))
                    .getCertificate(builder.build(signer));
            return new ChallengeCertificate(pair.getPrivate(), certificate);
        } catch (IOException | OperatorCreationException | GeneralSecurityException e) {
            throw new IllegalStateException("cannot make a tls-alpn-01 certificate for " + identifier, e);
        }
    }

    PrivateKey key() {
        return key;
    }

    X509Certificate certificate() {
        return certificate;
    }

    private static GeneralName name(Identifier identifier) {
        int kind = identifier.type().equals(Identifier.IP) ? GeneralName.iPAddress : GeneralName.dNSName;
        return new GeneralName(kind, identifier.value());
    }
}
