package org.wucme.testing.ca;

import java.io.IOException;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import javax.net.ssl.SSLSocketFactory;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;

/** What the CA's own HTTPS server is known by: a certificate below a root of its own. */
record ServerTls(X509Certificate root, SSLSocketFactory sockets) {

    private static final X500Name ROOT = new X500Name("CN=TestCa HTTPS root");
    private static final Duration LIFETIME = Duration.ofDays(365);

    static ServerTls create() {
        KeyPair rootKey = Jdk.newKeyPair();
        KeyPair key = Jdk.newKeyPair();
        try {
            X509v3CertificateBuilder root =
                    builder(1, ROOT, rootKey).addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
            X509v3CertificateBuilder leaf = builder(2, new X500Name("CN=localhost"), key)
                    .addExtension(Extension.subjectAlternativeName, false, new GeneralNames(new GeneralName[] {
                        new GeneralName(GeneralName.dNSName, "localhost"),
                        new GeneralName(GeneralName.iPAddress, "127.0.0.1"),
                        new GeneralName(GeneralName.dNSName, TestCa.FAR_HOST)
                    }));
            OneKey keys = new OneKey(key.getPrivate(), Jdk.sign(leaf, rootKey.getPrivate()));
            return new ServerTls(
                    Jdk.sign(root, rootKey.getPrivate()), Jdk.tls(keys).getSocketFactory());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static X509v3CertificateBuilder builder(long serial, X500Name subject, KeyPair key) {
        Instant now = Instant.now();
        return new JcaX509v3CertificateBuilder(
                ROOT,
                BigInteger.valueOf(serial),
                Date.from(now.minusSeconds(60)),
                Date.from(now.plus(LIFETIME)),
                subject,
                key.getPublic());
    }
}
