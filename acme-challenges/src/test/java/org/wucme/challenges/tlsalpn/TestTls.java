package org.wucme.challenges.tlsalpn;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.X509ExtendedKeyManager;
import okhttp3.tls.HeldCertificate;
import org.jspecify.annotations.Nullable;
import org.wucme.acme.internal.jca.PlatformKeys;
import org.wucme.acme.internal.jca.Tls;
import org.wucme.testing.EngineHandshake;
import org.wucme.testing.TrustEverybody;
import org.wucme.testing.ca.OneKey;

/** TLS clients that trust everybody, as validators do, and servers' own certificates. */
final class TestTls {

    static final String TLS_1_2 = "TLSv1.2";
    static final String TLS_1_3 = "TLSv1.3";

    private TestTls() {}

    /** What a client asks for. */
    record Hello(String version, @Nullable String serverName, List<String> protocols) {

        SSLParameters applyTo(SSLParameters parameters) {
            parameters.setProtocols(new String[] {version});
            parameters.setApplicationProtocols(protocols.toArray(String[]::new));
            List<SNIServerName> names = serverName == null ? List.of() : List.of(new SNIHostName(serverName));
            parameters.setServerNames(names);
            return parameters;
        }
    }

    /** What a client got: the protocol agreed on ("" for none), the certificate, and how much the server said. */
    record Answer(String protocol, X509Certificate certificate, int bytesRead) {}

    static Answer ask(int port, Hello hello) throws IOException {
        try (Socket plain = new Socket(InetAddress.getLoopbackAddress(), port)) {
            plain.setSoTimeout(30_000);
            SSLSocket socket = (SSLSocket) client().getSocketFactory().createSocket(plain, "unused", port, true);
            socket.setSSLParameters(hello.applyTo(socket.getSSLParameters()));
            socket.startHandshake();
            int read = socket.getInputStream().readAllBytes().length;
            return answer(socket.getSession(), socket.getApplicationProtocol(), read);
        }
    }

    /** Lets two engines talk to each other until the handshake is done. */
    static Answer ask(SSLEngine server, Hello hello) throws SSLException {
        SSLEngine client = client(hello);
        server.setUseClientMode(false);
        new EngineHandshake().run(client, server);
        return answer(client.getSession(), client.getApplicationProtocol(), 0);
    }

    /** A client that has not said anything yet. */
    static SSLEngine client(Hello hello) {
        SSLEngine client = client().createSSLEngine();
        client.setUseClientMode(true);
        client.setSSLParameters(hello.applyTo(client.getSSLParameters()));
        return client;
    }

    static SSLContext server(X509ExtendedKeyManager keys) {
        return Tls.server(keys, new TrustEverybody());
    }

    /** The key manager of a server that has one certificate of its own. */
    static X509ExtendedKeyManager own(HeldCertificate held) {
        return new OneKey(PlatformKeys.of(held.keyPair().getPrivate()), held.certificate());
    }

    private static SSLContext client() {
        return Tls.client(new TrustEverybody());
    }

    private static Answer answer(SSLSession session, String protocol, int read) throws SSLException {
        return new Answer(protocol, (X509Certificate) session.getPeerCertificates()[0], read);
    }
}
