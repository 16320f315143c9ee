package org.wucme.testing;

import java.security.cert.X509Certificate;
import javax.net.ssl.X509TrustManager;

/** Takes any certificate, for clients that want to see which one they are given. */
public final class TrustEverybody implements X509TrustManager {

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }
}
