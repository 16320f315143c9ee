package org.wucme.acme.internal.http;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Collection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/** Trust in the platform's roots and in some more, for CAs whose own server has a private root. */
final class TrustedRoots {

    private TrustedRoots() {}

    static void apply(Collection<X509Certificate> roots, OkHttpClient.Builder builder) {
        try {
            X509TrustManager trust = trustManager(withPlatformRoots(roots));
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {trust}, null);
            builder.sslSocketFactory(context.getSocketFactory(), trust);
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("this Java cannot be told which certificates to trust", e);
        }
    }

    private static KeyStore withPlatformRoots(Collection<X509Certificate> roots)
            throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        int number = 0;
        for (X509Certificate root : roots) {
            store.setCertificateEntry("given-" + number++, root);
        }
        for (X509Certificate root : trustManager(null).getAcceptedIssuers()) {
            store.setCertificateEntry("platform-" + number++, root);
        }
        return store;
    }

    private static X509TrustManager trustManager(@Nullable KeyStore roots) throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(roots);
        return (X509TrustManager) factory.getTrustManagers()[0];
    }
}
