package org.wucme.cli.doctor;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.wucme.acme.Identifier;
import org.wucme.acme.challenge.AccountIdentity;
import org.wucme.acme.challenge.ChallengeStatus;
import org.wucme.acme.challenge.KeyAuthorization;
import org.wucme.acme.challenge.Presented;
import org.wucme.acme.challenge.TlsAlpn01;
import org.wucme.challenges.ListenException;
import org.wucme.challenges.tlsalpn.TlsAlpn01Server;

/**
 * Presents a certificate as for a tls-alpn-01 challenge (RFC 8737), and asks for it as a CA does. If the agent or another
 * program has the port, that one is asked.
 */
public final class TlsAlpn01Check {

    private static final String TLS_ALPN_01 = "tls-alpn-01";
    private static final int TIMEOUT_MILLIS = 10_000;

    private final InetSocketAddress local;
    private final IntFunction<Optional<String>> agent;

    /**
     * By a responder on this machine.
     *
     * @param local where it answers
     * @param agent names the agent if it has a port that is in use
     */
    public TlsAlpn01Check(InetSocketAddress local, IntFunction<Optional<String>> agent) {
        this.local = local;
        this.agent = agent;
    }

    /**
     * Whether a host answers.
     *
     * @param port where to ask; CAs ask 443
     * @throws ListenException if the challenge cannot be answered here at all
     */
    public Finding examine(Identifier host, int port) throws IOException {
        TlsAlpn01 challenge = new TlsAlpn01("about:blank", "check", ChallengeStatus.PENDING, null);
        AccountIdentity account = Http01Check.sampleAccount();
        try (TlsAlpn01Server server = TlsAlpn01Server.whileNeeded(local);
                Presented presented = server.present(challenge, host, account)) {
            return ask(host, port, TlsAlpn01.extensionValue(challenge.keyAuthorization(account)));
        } catch (ListenException e) {
            if (e.reason() != ListenException.Reason.PORT_IN_USE) {
                throw e;
            }
            Optional<String> owner = agent.apply(e.port());
            Finding found = owner.isPresent() ? askAgent(host, port) : ask(host, port, null);
            return new Finding(
                    found.grade(),
                    found.subject(),
                    found.text() + " (port " + e.port() + " is taken by " + owner.orElse("another program")
                            + ", which was asked)");
        }
    }

    /**
     * Whether a server answers tls-alpn-01 for a name with a key authorization.
     *
     * @throws IOException if there is no handshake
     */
    public static boolean isAnswered(InetSocketAddress server, Identifier host, KeyAuthorization expected)
            throws IOException {
        try (SSLSocket socket = connect(server, host)) {
            return judge(host, socket, TlsAlpn01.extensionValue(expected)).grade() == Finding.Grade.OK;
        }
    }

    // It has no certificate for a name that is not being validated, and so refuses the handshake, as other servers may.
    private static Finding askAgent(Identifier host, int port) {
        try (SSLSocket socket = connect(host, port)) {
            return judge(host, socket, null);
        } catch (SSLHandshakeException e) {
            return Finding.warning(
                    TLS_ALPN_01,
                    host
                            + ": the handshake is refused, as the agent does unless a challenge of the name is"
                            + " pending; only an issuance shows whether it was the agent");
        } catch (IOException e) {
            return failed(host, port, e);
        }
    }

    /** Compares with what was presented; null compares with nothing. */
    private static Finding ask(Identifier host, int port, byte @Nullable [] expected) {
        try (SSLSocket socket = connect(host, port)) {
            return judge(host, socket, expected);
        } catch (IOException e) {
            return failed(host, port, e);
        }
    }

    private static Finding judge(Identifier host, SSLSocket socket, byte @Nullable [] expected)
            throws SSLPeerUnverifiedException {
        if (!TlsAlpn01.PROTOCOL.equals(socket.getApplicationProtocol())) {
            return Finding.problem(TLS_ALPN_01, host + ": a server answers, but does not speak acme-tls/1");
        }
        X509Certificate certificate = (X509Certificate) socket.getSession().getPeerCertificates()[0];
        byte[] extension = certificate.getExtensionValue(TlsAlpn01.EXTENSION_OID);
        boolean isOurs = expected == null ? extension != null : isWrapped(expected, extension);
        return isOurs
                ? Finding.ok(TLS_ALPN_01, host + ": an acme-tls/1 handshake is answered")
                : Finding.problem(
                        TLS_ALPN_01, host + ": acme-tls/1 is answered, but not with the certificate of this check");
    }

    private static Finding failed(Identifier host, int port, IOException e) {
        return Finding.problem(
                TLS_ALPN_01,
                e instanceof UnknownHostException
                        ? host + ": the name does not resolve here"
                        : host + ": no acme-tls/1 handshake with port " + port + ": " + e.getMessage());
    }

    // What Java calls the value of an extension is wrapped once more in an octet string.
    private static boolean isWrapped(byte[] expected, byte @Nullable [] extension) {
        return extension != null
                && extension.length > expected.length
                && Arrays.equals(
                        expected, Arrays.copyOfRange(extension, extension.length - expected.length, extension.length));
    }

    private static SSLSocket connect(Identifier host, int port) throws IOException {
        return connect(new InetSocketAddress(host.value(), port), host);
    }

    private static SSLSocket connect(InetSocketAddress server, Identifier host) throws IOException {
        Socket plain = new Socket();
        try {
            plain.connect(server, TIMEOUT_MILLIS);
            plain.setSoTimeout(TIMEOUT_MILLIS);
            return shakeHands(plain, host, server.getPort());
        } catch (IOException | RuntimeException e) {
            plain.close();
            throw e;
        }
    }

    private static SSLSocket shakeHands(Socket plain, Identifier host, int port) throws IOException {
        SSLContext context = new AnyCertificate().context();
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(plain, host.value(), port, true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {TlsAlpn01.PROTOCOL});
        parameters.setServerNames(List.of(new SNIHostName(TlsAlpn01.serverName(host))));
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }
}
