package org.wucme.testing.ca;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.jspecify.annotations.Nullable;

/** Cryptography and TLS by named providers, whatever other ones the JVM of a test has. */
final class Jdk {

    static final String KEYS = "SunEC";
    static final String RSA = "SunRsaSign";
    static final String MACS = "SunJCE";
    private static final String CERTIFICATES = "SUN";
    private static final String TLS = "SunJSSE";

    /**
     * For elliptic curves, on which SunEC takes four times as long, and whose generator fails where Bouncy Castle is the
     * first provider. One instance, since it costs as much as many keys.
     */
    static final Provider CURVES = new BouncyCastleProvider();

    private Jdk() {}

    /** A new key pair on P-256, of the JDK's own classes. */
    static KeyPair newKeyPair() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC", CURVES);
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            KeyPair pair = generator.generateKeyPair();
            KeyFactory keys = KeyFactory.getInstance("EC", KEYS);
            return new KeyPair(
                    keys.generatePublic(new X509EncodedKeySpec(pair.getPublic().getEncoded())),
                    keys.generatePrivate(
                            new PKCS8EncodedKeySpec(pair.getPrivate().getEncoded())));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static PublicKey publicKey(SubjectPublicKeyInfo info) throws GeneralSecurityException, IOException {
        boolean isRsa = info.getAlgorithm().getAlgorithm().equals(PKCSObjectIdentifiers.rsaEncryption);
        return KeyFactory.getInstance(isRsa ? "RSA" : "EC", isRsa ? RSA : KEYS)
                .generatePublic(new X509EncodedKeySpec(info.getEncoded()));
    }

    /** A certificate, signed by a key on P-256. */
    static X509Certificate sign(X509v3CertificateBuilder builder, PrivateKey issuer) {
        try {
            byte[] der = builder.build(new JcaContentSignerBuilder("SHA256withECDSA")
                            .setProvider(CURVES)
                            .build(issuer))
                    .getEncoded();
            return (X509Certificate) certificates().generateCertificate(new ByteArrayInputStream(der));
        } catch (IOException | OperatorCreationException | CertificateException e) {
            throw new IllegalStateException(e);
        }
    }

    static CertificateFactory certificates() {
        try {
            return CertificateFactory.getInstance("X.509", CERTIFICATES);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static SSLContext tls(@Nullable KeyManager keys, TrustManager... trust) {
        try {
            SSLContext context = SSLContext.getInstance("TLS", TLS);
            context.init(keys == null ? null : new KeyManager[] {keys}, trust, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Trusts one root, and nothing else. */
    static X509TrustManager trust(X509Certificate root) {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12", CERTIFICATES);
            store.load(null, null);
            store.setCertificateEntry("root", root);
            TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX", TLS);
            factory.init(store);
            return (X509TrustManager) factory.getTrustManagers()[0];
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
