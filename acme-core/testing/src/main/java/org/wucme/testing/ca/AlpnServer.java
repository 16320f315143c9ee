package org.wucme.testing.ca;

import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;

/** Serves one certificate for tls-alpn-01 (RFC 8737) and notes the names asked for. */
public final class AlpnServer implements AutoCloseable {
    final BlockingQueue<String> names = new LinkedBlockingQueue<>();
    private final SSLServerSocket socket;
    private final Thread thread = new Thread(this::serve, "tls-alpn-01");

    AlpnServer(String protocol, String keyAuthorization, String... certified)
            throws GeneralSecurityException, IOException {
        this(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), protocol, keyAuthorization, certified);
    }

    /**
     * Listens at an address and port until closed.
     *
     * @param certified the names or addresses of the certificate
     */
    public AlpnServer(InetSocketAddress at, String protocol, String keyAuthorization, String... certified)
            throws GeneralSecurityException, IOException {
        KeyPair key = Jdk.newKeyPair();
        SSLContext context = Jdk.tls(new OneKey(key.getPrivate(), certificate(key, keyAuthorization, certified)));
        socket =
                (SSLServerSocket) context.getServerSocketFactory().createServerSocket(at.getPort(), 5, at.getAddress());
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {protocol});
        socket.setSSLParameters(parameters);
        thread.setDaemon(true);
        thread.start();
    }

    int port() {
        return socket.getLocalPort();
    }

    private void serve() {
        while (!socket.isClosed()) {
            try (Socket accepted = socket.accept()) {
                SSLSocket tls = (SSLSocket) accepted;
                tls.startHandshake();
                List<SNIServerName> asked = ((ExtendedSSLSession) tls.getSession()).getRequestedServerNames();
                names.add(new String(asked.get(0).getEncoded(), StandardCharsets.US_ASCII));
            } catch (SocketException e) {
                return;
            } catch (IOException e) {
                names.add("failed: " + e);
            }
        }
    }

    private static X509Certificate certificate(KeyPair key, String keyAuthorization, String... certified)
            throws GeneralSecurityException, IOException {
        X500Name name = new X500Name("CN=tls-alpn-01");
        Instant now = Instant.now();
        var builder = new JcaX509v3CertificateBuilder(
                name,
                BigInteger.ONE,
                Date.from(now.minusSeconds(60)),
                Date.from(now.plusSeconds(3600)),
                name,
                key.getPublic());
        builder.addExtension(
                Extension.subjectAlternativeName,
                false,
                new GeneralNames(
                        List.of(certified).stream().map(AlpnServer::generalName).toArray(GeneralName[]::new)));
        builder.addExtension(
                new ASN1ObjectIdentifier("1.3.6.1.5.5.7.1.31"),
                true,
                new DEROctetString(ChallengeAnswer.sha256(keyAuthorization)));
        return Jdk.sign(builder, key.getPrivate());
    }

    static GeneralName generalName(String name) {
        boolean address = name.matches("[0-9.]+|.*:.*");
        return new GeneralName(address ? GeneralName.iPAddress : GeneralName.dNSName, name);
    }

    /** Ends with the port free. */
    @Override
    public void close() throws IOException {
        socket.close();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
