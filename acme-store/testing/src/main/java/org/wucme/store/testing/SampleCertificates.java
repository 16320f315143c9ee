package org.wucme.store.testing;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.wucme.acme.pki.CertificateChain;
import org.wucme.acme.pki.KeyType;

/** Certificates to store, of an untrusted CA. */
public final class SampleCertificates {

    private static final Duration LIFETIME = Duration.ofDays(90);

    private final KeyPair caKey = KeyType.EC_P256.generate();

    /** With a CA key of its own. */
    public SampleCertificates() {}

    /** A certificate for one host, valid for 90 days. */
    public CertificateChain issue(String host, KeyPair key, long serial, Instant begin) {
        try {
            JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                    new X500Principal("CN=Sample CA"),
                    BigInteger.valueOf(serial),
                    Date.from(begin),
                    Date.from(begin.plus(LIFETIME)),
                    new X500Principal("CN=" + host),
                    key.getPublic());
            GeneralNames names = new GeneralNames(new GeneralName(GeneralName.dNSName, host));
            X509Certificate certificate = new JcaX509CertificateConverter()
                    .getCertificate(builder.addExtension(Extension.subjectAlternativeName, false, names)
                            .build(new JcaContentSignerBuilder("SHA256withECDSA").build(caKey.getPrivate())));
            return new CertificateChain(List.of(certificate));
        } catch (GeneralSecurityException | OperatorCreationException | CertIOException e) {
            throw new IllegalStateException("a sample certificate could not be made", e);
        }
    }
}
