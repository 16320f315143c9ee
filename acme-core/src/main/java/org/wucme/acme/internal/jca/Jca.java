package org.wucme.acme.internal.jca;

import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.security.SecureRandom;
import java.security.Security;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import javax.crypto.Mac;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * Which security provider does what: the one place that chooses. The order in which providers are registered belongs to the
 * application, and with it the kind of key that JCA makes by default; the keys of Bouncy Castle, for one, are of no use to
 * Java's own TLS. So the platform's providers are named, and others are taken only where a Java lacks those.
 */
public final class Jca {

    /** Every ordinary Java has these. Some restricted ones (FIPS) have others of their own in their place. */
    private static final List<String> PREFERRED = List.of("SUN", "SunRsaSign", "SunEC", "SunJCE", "SunJSSE");

    private Jca() {}

    /**
     * The provider of a service: the platform's, or the best there is.
     *
     * @param service as {@link Provider#getService} names it, such as {@code Signature}
     * @throws NoSuchAlgorithmException if there is none
     */
    public static Provider provider(String service, String algorithm) throws NoSuchAlgorithmException {
        for (String name : PREFERRED) {
            Provider provider = Security.getProvider(name);
            if (provider != null && provider.getService(service, algorithm) != null) {
                return provider;
            }
        }
        // Only here, as this loads all of them.
        return Arrays.stream(Security.getProviders())
                .filter(provider -> provider.getService(service, algorithm) != null)
                .min(Comparator.comparing(Jca::distance))
                .orElseThrow(() -> new NoSuchAlgorithmException(
                        "no security provider of this Java has a " + service + " for " + algorithm));
    }

    /** From the platform. Of the others Bouncy Castle is the last, because of its keys. */
    private static int distance(Provider provider) {
        if (isOfPlatform(provider)) {
            return 0;
        }
        return provider.getName().startsWith("BC") ? 2 : 1;
    }

    /** Whether an object's class comes with this Java, and not with the application. */
    static boolean isOfPlatform(Object object) {
        ClassLoader loader = object.getClass().getClassLoader();
        return loader == null || loader == ClassLoader.getPlatformClassLoader();
    }

    /** Signs or verifies with keys of {@link PlatformKeys}. */
    public static Signature signature(String algorithm) throws NoSuchAlgorithmException {
        return Signature.getInstance(algorithm, provider("Signature", algorithm));
    }

    /** Makes keys from their encoded form. */
    public static KeyFactory keyFactory(String algorithm) throws NoSuchAlgorithmException {
        return KeyFactory.getInstance(algorithm, provider("KeyFactory", algorithm));
    }

    /** Makes new keys, to be made {@link PlatformKeys}; to be initialized with {@link #random}. */
    public static KeyPairGenerator keyPairGenerator(String algorithm) throws NoSuchAlgorithmException {
        try {
            return KeyPairGenerator.getInstance(algorithm, provider("KeyPairGenerator", algorithm));
        } catch (NoSuchAlgorithmException e) {
            // SunEC's asks the first provider for its curves, and cannot be had where that is Bouncy Castle.
            return KeyPairGenerator.getInstance(algorithm);
        }
    }

    /** SHA-256. */
    public static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256", provider("MessageDigest", "SHA-256"));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** A message authentication code, such as {@code HmacSHA256}. */
    public static Mac mac(String algorithm) throws NoSuchAlgorithmException {
        return Mac.getInstance(algorithm, provider("Mac", algorithm));
    }

    /** Random numbers for keys, serial numbers and the like. */
    public static SecureRandom random() {
        return Random.PLATFORM;
    }

    /** Reads X.509 certificates. */
    public static CertificateFactory x509() throws CertificateException {
        try {
            return CertificateFactory.getInstance("X.509", provider("CertificateFactory", "X.509"));
        } catch (NoSuchAlgorithmException e) {
            throw new CertificateException(e.getMessage(), e);
        }
    }

    /** A keystore to be loaded; in memory alone, as its encryption depends on the other providers after all. */
    static KeyStore keyStore() throws KeyStoreException, NoSuchAlgorithmException {
        return KeyStore.getInstance("PKCS12", provider("KeyStore", "PKCS12"));
    }

    static SSLContext tls() throws NoSuchAlgorithmException {
        return SSLContext.getInstance("TLS", provider("SSLContext", "TLS"));
    }

    static TrustManagerFactory trust() throws NoSuchAlgorithmException {
        return TrustManagerFactory.getInstance("PKIX", provider("TrustManagerFactory", "PKIX"));
    }

    /** Made when it is first used, as it may load every provider where there is no {@code NativePRNG}. */
    private static final class Random {

        static final SecureRandom PLATFORM = first("NativePRNG", "Windows-PRNG", "DRBG");

        private static SecureRandom first(String... algorithms) {
            for (String algorithm : algorithms) {
                try {
                    return SecureRandom.getInstance(algorithm, provider("SecureRandom", algorithm));
                } catch (NoSuchAlgorithmException e) {
                    // The next one, then.
                }
            }
            return new SecureRandom();
        }
    }
}
