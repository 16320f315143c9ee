package org.wucme.testing.ca;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.stream.IntStream;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;

/**
 * Issues certificates below an intermediate. The intermediate is certified by the root and, for the alternate chains,
 * by one more root each.
 */
final class Issuer {
    private static final String INTERMEDIATE = "CN=TestCa Intermediate";
    private static final Duration AUTHORITY_LIFETIME = Duration.ofDays(3650);

    private final Settings settings;
    private final KeyPair intermediateKey;
    private final List<X509Certificate> roots;
    private final List<X509Certificate> intermediates;

    private record Validity(Instant from, Instant to) {}

    Issuer(Settings settings, int alternateChains) {
        this.settings = settings;
        this.intermediateKey = Jdk.newKeyPair();
        List<X509Certificate> madeRoots = new ArrayList<>();
        List<X509Certificate> madeIntermediates = new ArrayList<>();
        for (int i = 0; i <= alternateChains; i++) {
            String name = "CN=TestCa Root " + (i + 1) + ",O=TestCa Trust " + (i + 1) + ",C=XX";
            KeyPair rootKey = Jdk.newKeyPair();
            madeRoots.add(authority(name, rootKey.getPublic(), name, rootKey));
            madeIntermediates.add(authority(INTERMEDIATE, intermediateKey.getPublic(), name, rootKey));
        }
        this.roots = List.copyOf(madeRoots);
        this.intermediates = List.copyOf(madeIntermediates);
    }

    /** An issuer with the keys and chains of another. */
    Issuer(Settings settings, Issuer other) {
        this.settings = settings;
        this.intermediateKey = other.intermediateKey;
        this.roots = other.roots;
        this.intermediates = other.intermediates;
    }

    /** The root of the default chain, then those of the alternates. */
    List<X509Certificate> roots() {
        return roots;
    }

    CertificateState issue(Csr csr, OrderState order) {
        Defect defect = settings.defect;
        PublicKey key = defect == Defect.WRONG_KEY ? Jdk.newKeyPair().getPublic() : csr.publicKey();
        X509Certificate leaf =
                leaf(key, names(List.copyOf(order.terms.identifiers()), defect), validity(order, defect));
        List<String> chains = IntStream.range(0, roots.size())
                .mapToObj(chain -> chain(leaf, intermediate(chain, defect), defect))
                .toList();
        return new CertificateState(settings.random.text(9), order.account, leaf, chains);
    }

    private X509Certificate intermediate(int chain, Defect defect) {
        if (defect != Defect.BROKEN_CHAIN) {
            return intermediates.get(chain);
        }
        KeyPair stranger = Jdk.newKeyPair();
        return authority(INTERMEDIATE, stranger.getPublic(), INTERMEDIATE, stranger);
    }

    private static List<Identifier> names(List<Identifier> ordered, Defect defect) {
        if (defect != Defect.MISSING_NAME) {
            return ordered;
        }
        return ordered.size() == 1
                ? List.of(new Identifier("dns", "somebody-else.example"))
                : ordered.subList(0, ordered.size() - 1);
    }

    private Validity validity(OrderState order, Defect defect) {
        OrderTerms terms = order.terms;
        Instant now = settings.now();
        if (defect == Defect.EXPIRED) {
            return new Validity(now.minus(Duration.ofDays(2)), now.minus(Duration.ofDays(1)));
        }
        if (defect == Defect.NOT_YET_VALID) {
            return new Validity(now.plus(Duration.ofDays(7)), now.plus(Duration.ofDays(14)));
        }
        if (defect == Defect.NEVER_VALID) {
            return new Validity(now.plus(Duration.ofDays(1)), now.plus(Duration.ofHours(12)));
        }
        StarTerms renewal = terms.autoRenewal();
        Instant begun = order.renewalBegun;
        if (renewal != null && begun != null) {
            StarTerms.Period period = renewal.period(begun, now);
            return new Validity(period.from(), period.to());
        }
        Instant from = terms.notBefore() == null ? now.minus(settings.certificateAge()) : terms.notBefore();
        // RFC 5280 section 4.1.2.5: the last second is part of the validity.
        Instant to = terms.notAfter() == null
                ? from.plus(settings.certificateLifetime).minusSeconds(1)
                : terms.notAfter();
        return new Validity(from, to);
    }

    private X509Certificate leaf(PublicKey key, List<Identifier> names, Validity validity) {
        GeneralName[] alternativeNames = names.stream()
                .filter(Identifier::isNameOrAddress)
                .map(Issuer::generalName)
                .toArray(GeneralName[]::new);
        String commonName = names.get(0).isDns() && names.get(0).value().length() <= 64
                ? "CN=" + names.get(0).value()
                : "";
        // RFC 5280 section 4.1.2.6: what has no names has a subject.
        String subject = alternativeNames.length == 0 ? "O=TestCa Devices" : commonName;
        try {
            X509v3CertificateBuilder builder = builder(subject, key, INTERMEDIATE, intermediateKey, validity)
                    .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
                    .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
                    .addExtension(
                            Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth));
            if (alternativeNames.length > 0) {
                builder.addExtension(
                        Extension.subjectAlternativeName, commonName.isEmpty(), new GeneralNames(alternativeNames));
            }
            return Jdk.sign(builder, intermediateKey.getPrivate());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private X509Certificate authority(String name, PublicKey key, String issuer, KeyPair issuerKey) {
        Instant now = settings.now();
        Validity validity = new Validity(now.minus(AUTHORITY_LIFETIME), now.plus(AUTHORITY_LIFETIME));
        try {
            X509v3CertificateBuilder builder = builder(name, key, issuer, issuerKey, validity)
                    .addExtension(Extension.basicConstraints, true, new BasicConstraints(true))
                    .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
            return Jdk.sign(builder, issuerKey.getPrivate());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private X509v3CertificateBuilder builder(
            String subject, PublicKey key, String issuer, KeyPair issuerKey, Validity validity) throws IOException {
        try {
            JcaX509ExtensionUtils extensions = new JcaX509ExtensionUtils();
            X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                    new X500Name(issuer),
                    settings.random.serialNumber(),
                    Date.from(validity.from),
                    Date.from(validity.to),
                    new X500Name(subject),
                    key);
            builder.addExtension(
                    Extension.authorityKeyIdentifier,
                    false,
                    extensions.createAuthorityKeyIdentifier(issuerKey.getPublic()));
            builder.addExtension(Extension.subjectKeyIdentifier, false, extensions.createSubjectKeyIdentifier(key));
            return builder;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static GeneralName generalName(Identifier identifier) {
        return new GeneralName(identifier.isDns() ? GeneralName.dNSName : GeneralName.iPAddress, identifier.value());
    }

    private static String chain(X509Certificate leaf, X509Certificate intermediate, Defect defect) {
        try {
            String chain = pem("CERTIFICATE", leaf.getEncoded()) + pem("CERTIFICATE", intermediate.getEncoded());
            return switch (defect) {
                case PRIVATE_KEY_IN_PEM ->
                    chain + pem("PRIVATE KEY", Jdk.newKeyPair().getPrivate().getEncoded());
                case TEXT_IN_PEM -> "subject=" + leaf.getSubjectX500Principal() + "\n" + chain;
                default -> chain;
            };
        } catch (CertificateException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String pem(String type, byte[] der) {
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        return "-----BEGIN " + type + "-----\n" + body + "\n-----END " + type + "-----\n";
    }
}
