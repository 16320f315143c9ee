package org.wucme.acme.pki;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.concurrent.Callable;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Certificates valid from {@link #FROM} to {@link #TO}, made as a test wants them. */
final class TestCertificates {

    static final Instant FROM = Instant.parse("2026-11-01T00:00:00Z");
    static final Instant TO = FROM.plus(Duration.ofDays(90));

    private TestCertificates() {}

    static GeneralName dns(String name) {
        return new GeneralName(GeneralName.dNSName, name);
    }

    static GeneralName ip(String address) {
        return new GeneralName(GeneralName.iPAddress, address);
    }

    static GeneralName other(int tag, ASN1Encodable value) {
        return new GeneralName(tag, value);
    }

    static X509Certificate leaf(PublicKey key, KeyPair issuer, GeneralName... names) throws Exception {
        return certificate("CN=leaf", key, "CN=issuer", issuer, names);
    }

    /** Signed, as it says, by an algorithm that no Java knows. */
    static X509Certificate withUnknownSignature(PublicKey key, GeneralName... names) throws Exception {
        X509v3CertificateBuilder builder = builder("CN=leaf", key, "CN=issuer", names);
        ByteArrayOutputStream signed = new ByteArrayOutputStream();
        return new JcaX509CertificateConverter().getCertificate(builder.build(new ContentSigner() {
            @Override
            public AlgorithmIdentifier getAlgorithmIdentifier() {
                return new AlgorithmIdentifier(new ASN1ObjectIdentifier("2.25.1"));
            }

            @Override
            public OutputStream getOutputStream() {
                return signed;
            }

            @Override
            public byte[] getSignature() {
                return new byte[] {1};
            }
        }));
    }

    static X509Certificate certificate(
            String subject, PublicKey key, String issuerName, KeyPair issuer, GeneralName... names) throws Exception {
        X509v3CertificateBuilder builder = builder(subject, key, issuerName, names);
        return new JcaX509CertificateConverter()
                .getCertificate(
                        builder.build(new JcaContentSignerBuilder(SignatureAlgorithms.forKey(issuer.getPublic()))
                                .build(issuer.getPrivate())));
    }

    /** Of an authority, with a serial number. */
    static X509Certificate numbered(int serial, String subject, KeyPair key, String issuerName, KeyPair issuer) {
        return unchecked(() -> new JcaX509CertificateConverter()
                .getCertificate(builder(serial, subject, key.getPublic(), issuerName)
                        .addExtension(Extension.basicConstraints, true, new BasicConstraints(true))
                        .build(new JcaContentSignerBuilder(SignatureAlgorithms.forKey(issuer.getPublic()))
                                .build(issuer.getPrivate()))));
    }

    static X509Certificate unchecked(Callable<X509Certificate> maker) {
        try {
            return maker.call();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static X509v3CertificateBuilder builder(
            String subject, PublicKey key, String issuerName, GeneralName... names) throws IOException {
        return builder(7, subject, key, issuerName, names);
    }

    private static X509v3CertificateBuilder builder(
            int serial, String subject, PublicKey key, String issuerName, GeneralName... names) throws IOException {
        X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                new X500Name(issuerName),
                BigInteger.valueOf(serial),
                Date.from(FROM),
                Date.from(TO),
                new X500Name(subject),
                key);
        if (names.length > 0) {
            builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(names));
        }
        return builder;
    }
}
