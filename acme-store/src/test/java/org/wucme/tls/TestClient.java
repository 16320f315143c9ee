package org.wucme.tls;

import java.io.IOException;
import java.net.Socket;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.wucme.acme.internal.jca.Tls;
import org.wucme.testing.EngineHandshake;
import org.wucme.testing.TrustEverybody;

/**
 * A client that trusts everybody and looks at the certificate it got. Every handshake is a full one, since no session is
 * remembered.
 *
 * @param version of TLS
 * @param cipherSuites empty for Java's
 */
record TestClient(String version, List<String> cipherSuites) {

    static final TestClient TLS_1_2 = of("TLSv1.2");
    static final TestClient TLS_1_3 = of("TLSv1.3");

    /** Can use nothing but RSA keys; of TLS 1.3, Java cannot be told so. */
    static final TestClient RSA_ONLY = new TestClient("TLSv1.2", List.of("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"));

    static TestClient of(String version) {
        return new TestClient(version, List.of());
    }

    /** The certificate for a name; null asks for none. */
    X509Certificate ask(TestServer server, @Nullable String serverName) throws IOException {
        try (SSLSocket socket = connect(server, serverName)) {
            return certificate(socket.getSession());
        }
    }

    /** A connection whose handshake is done, and which was used once. */
    SSLSocket connect(TestServer server, @Nullable String serverName) throws IOException {
        Socket plain = new Socket(server.address(), server.port());
        try {
            plain.setSoTimeout(60_000);
            plain.setTcpNoDelay(true);
            SSLSocket socket = (SSLSocket)
                    Tls.client(new TrustEverybody()).getSocketFactory().createSocket(plain, "unused", 1, true);
            socket.setSSLParameters(parameters(socket.getSSLParameters(), serverName));
            socket.startHandshake();
            exchange(socket, 42);
            return socket;
        } catch (IOException e) {
            plain.close();
            throw e;
        }
    }

    /** Sends a byte and waits for it to come back. */
    static void exchange(SSLSocket socket, int value) throws IOException {
        socket.getOutputStream().write(value);
        int answer = socket.getInputStream().read();
        if (answer != value) {
            throw new IOException("sent " + value + ", got " + answer);
        }
    }

    /** The certificate that a server on an engine gives for a name. */
    X509Certificate ask(SSLEngine server, @Nullable String serverName) throws SSLException {
        SSLEngine client = Tls.client(new TrustEverybody()).createSSLEngine();
        client.setUseClientMode(true);
        client.setSSLParameters(parameters(client.getSSLParameters(), serverName));
        server.setUseClientMode(false);
        new EngineHandshake().run(client, server);
        return certificate(client.getSession());
    }

    static X509Certificate certificate(SSLSession session) throws SSLException {
        return (X509Certificate) session.getPeerCertificates()[0];
    }

    private SSLParameters parameters(SSLParameters parameters, @Nullable String serverName) {
        parameters.setProtocols(new String[] {version});
        parameters.setServerNames(serverName == null ? List.of() : List.of(new SNIHostName(serverName)));
        if (!cipherSuites.isEmpty()) {
            parameters.setCipherSuites(cipherSuites.toArray(String[]::new));
        }
        return parameters;
    }
}
