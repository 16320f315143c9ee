package org.wucme.testing.ca;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.X509ExtendedTrustManager;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.x509.GeneralName;

/** The tls-alpn-01 challenge (RFC 8737; RFC 8738 for addresses), asked of the loopback interface whatever the name. */
final class TlsAlpn01Check {
    private static final String PROTOCOL = "acme-tls/1";
    private static final String ACME_IDENTIFIER = "1.3.6.1.5.5.7.1.31";
    private static final int TIMEOUT_MILLIS = 5000;

    /** Made when it is first used: a CA in process starts a thousand times a second. */
    private static final class Lazy {
        static final SSLContext CONTEXT = Jdk.tls(null, new TrustAnything());
    }

    void check(int port, Identifier identifier, byte[] digest) {
        if (port == 0) {
            throw new Problem(400, "connection", "TestCa was not told where to validate tls-alpn-01");
        }
        try (Socket plain = new Socket()) {
            plain.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), TIMEOUT_MILLIS);
            plain.setSoTimeout(TIMEOUT_MILLIS);
            check(handshake(plain, port, identifier), identifier, digest);
        } catch (ConnectException e) {
            throw new Problem(400, "connection", "tls-alpn-01 for " + identifier.value() + ": " + e);
        } catch (IOException | GeneralSecurityException e) {
            throw new Problem(400, "tls", "tls-alpn-01 for " + identifier.value() + ": " + e);
        }
    }

    private X509Certificate handshake(Socket plain, int port, Identifier identifier) throws IOException {
        try (SSLSocket socket =
                (SSLSocket) Lazy.CONTEXT.getSocketFactory().createSocket(plain, "127.0.0.1", port, true)) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setServerNames(List.of(new SNIHostName(serverName(identifier))));
            parameters.setApplicationProtocols(new String[] {PROTOCOL});
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            if (!PROTOCOL.equals(socket.getApplicationProtocol())) {
                throw new Problem(403, "tls", "The server did not negotiate " + PROTOCOL);
            }
            Certificate[] chain = socket.getSession().getPeerCertificates();
            // Resuming it, Java would ask for the name of this session, whatever name is validated next.
            socket.getSession().invalidate();
            return (X509Certificate) chain[0];
        }
    }

    private static void check(X509Certificate certificate, Identifier identifier, byte[] digest)
            throws GeneralSecurityException, IOException {
        certificate.verify(certificate.getPublicKey(), Jdk.KEYS);
        require(isOnlyName(certificate, identifier), "must have exactly one name, that of the identifier");
        Set<String> critical = certificate.getCriticalExtensionOIDs();
        require(critical != null && critical.contains(ACME_IDENTIFIER), "needs a critical acmeIdentifier extension");
        byte[] value = new DEROctetString(new DEROctetString(digest).getEncoded()).getEncoded();
        require(Arrays.equals(certificate.getExtensionValue(ACME_IDENTIFIER), value), "has another acmeIdentifier");
    }

    private static boolean isOnlyName(X509Certificate certificate, Identifier identifier)
            throws GeneralSecurityException {
        Collection<List<?>> names = certificate.getSubjectAlternativeNames();
        if (names == null || names.size() != 1) {
            return false;
        }
        List<?> name = names.iterator().next();
        boolean rightType = name.get(0).equals(identifier.isDns() ? 2 : 7);
        return rightType && isSame(identifier, (String) name.get(1));
    }

    private static boolean isSame(Identifier identifier, String name) {
        return identifier.isDns()
                ? name.equalsIgnoreCase(identifier.value())
                : Arrays.equals(octets(name), octets(identifier.value()));
    }

    private static void require(boolean condition, String what) {
        if (!condition) {
            throw new Problem(403, "incorrectResponse", "The tls-alpn-01 certificate " + what);
        }
    }

    /** The SNI value: the name itself, or the reverse mapping of an address (RFC 8738 section 6). */
    static String serverName(Identifier identifier) {
        if (identifier.isDns()) {
            return identifier.value();
        }
        byte[] octets = octets(identifier.value());
        StringBuilder name = new StringBuilder();
        for (int i = octets.length - 1; i >= 0; i--) {
            if (octets.length == 4) {
                name.append(octets[i] & 0xff).append('.');
            } else {
                name.append(Character.forDigit(octets[i] & 0xf, 16)).append('.');
                name.append(Character.forDigit((octets[i] >> 4) & 0xf, 16)).append('.');
            }
        }
        return name + (octets.length == 4 ? "in-addr.arpa" : "ip6.arpa");
    }

    private static byte[] octets(String address) {
        return ASN1OctetString.getInstance(new GeneralName(GeneralName.iPAddress, address).getName())
                .getOctets();
    }

    /** The certificate of the challenge is self-signed; what counts is checked after the handshake. */
    private static final class TrustAnything extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
