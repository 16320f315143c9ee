package org.wucme.acme.internal.jca;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Collection;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** Java's own TLS, whatever the JVM's default is: it shows a key manager everything that ours ask for. */
public final class Tls {

    private Tls() {}

    /**
     * For a server.
     *
     * @param trust whose clients' certificates are accepted; empty for a server that never asks for one, which saves reading
     *     the platform's roots
     * @throws IllegalStateException if this Java has no TLS
     */
    public static SSLContext server(KeyManager keys, TrustManager... trust) {
        return context(new KeyManager[] {keys}, trust);
    }

    /**
     * For clients without a certificate.
     *
     * @throws IllegalStateException if this Java has no TLS
     */
    public static SSLContext client(TrustManager trust) {
        return context(null, trust);
    }

    private static SSLContext context(KeyManager @Nullable [] keys, TrustManager... trust) {
        try {
            SSLContext context = Jca.tls();
            context.init(keys, trust, Jca.random());
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java cannot make a TLS context: " + e.getMessage(), e);
        }
    }

    /**
     * Trust in the roots of this Java, or of {@code javax.net.ssl.trustStore}, and in some more.
     *
     * @param more empty for none
     * @throws IllegalStateException if the platform's cannot be read
     */
    public static X509TrustManager trust(Collection<X509Certificate> more) {
        try {
            X509TrustManager platform = trustManager(null);
            return more.isEmpty() ? platform : trustManager(keyStore(more, platform.getAcceptedIssuers()));
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(
                    "the certificates that this Java trusts cannot be read: " + e.getMessage(), e);
        }
    }

    private static KeyStore keyStore(Collection<X509Certificate> given, X509Certificate[] platform)
            throws GeneralSecurityException, IOException {
        KeyStore store = Jca.keyStore();
        store.load(null, null);
        int number = 0;
        for (X509Certificate root : given) {
            store.setCertificateEntry("given-" + number++, root);
        }
        for (X509Certificate root : platform) {
            store.setCertificateEntry("platform-" + number++, root);
        }
        return store;
    }

    private static X509TrustManager trustManager(@Nullable KeyStore roots) throws GeneralSecurityException {
        TrustManagerFactory factory = Jca.trust();
        factory.init(roots);
        return (X509TrustManager) factory.getTrustManagers()[0];
    }
}
