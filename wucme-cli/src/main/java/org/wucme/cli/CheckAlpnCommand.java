package org.wucme.cli;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;
import org.wucme.acme.challenge.AccountIdentity;
import org.wucme.acme.challenge.ChallengeStatus;
import org.wucme.acme.challenge.Presented;
import org.wucme.acme.challenge.TlsAlpn01;
import org.wucme.challenges.ListenException;
import org.wucme.challenges.tlsalpn.TlsAlpn01Server;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "alpn",
        description = {
            "Presents a certificate as for a tls-alpn-01 challenge, and asks each host for it as a CA does.",
            "If another program has the port, that one is asked."
        })
final class CheckAlpnCommand extends WucmeCommand {

    private static final int CA_PORT = 443;
    private static final int TIMEOUT_MILLIS = 10_000;

    @Parameters(paramLabel = "HOST[:PORT]", arity = "1..*", description = "What to connect to; port 443, as CAs do.")
    List<String> hosts = List.of();

    @Mixin
    final ChallengeOptions challenges = new ChallengeOptions();

    @Override
    public Integer call() throws IOException {
        boolean allAnswer = true;
        for (String host : hosts) {
            allAnswer &= isAnswered(HostPort.parse(host, CA_PORT));
        }
        return allAnswer ? ExitCode.DONE : ExitCode.FAILED;
    }

    private boolean isAnswered(HostPort host) throws IOException {
        TlsAlpn01 challenge = new TlsAlpn01("about:blank", "check", ChallengeStatus.PENDING, null);
        AccountIdentity nobody = new AccountIdentity("about:blank", Long.toHexString(System.nanoTime()));
        try (TlsAlpn01Server server = TlsAlpn01Server.whileNeeded(challenges.tlsAddress());
                Presented presented = server.present(challenge, host.identifier(), nobody)) {
            return ask(host, TlsAlpn01.extensionValue(challenge.keyAuthorization(nobody)));
        } catch (ListenException e) {
            if (e.reason() != ListenException.Reason.PORT_IN_USE) {
                throw e;
            }
            out().println("Port " + challenges.tlsPort + " is taken by another program, which is asked.");
            return ask(host, null);
        }
    }

    private boolean ask(HostPort host, byte @Nullable [] expected) {
        String name = host.identifier().value();
        try (SSLSocket socket = connect(host)) {
            boolean negotiated = TlsAlpn01.PROTOCOL.equals(socket.getApplicationProtocol());
            X509Certificate certificate = (X509Certificate) socket.getSession().getPeerCertificates()[0];
            byte[] extension = certificate.getExtensionValue(TlsAlpn01.EXTENSION_OID);
            boolean ours = expected == null ? extension != null : isWrapped(expected, extension);
            out().println(name
                    + (negotiated && ours
                            ? ": an acme-tls/1 handshake is answered"
                            : negotiated
                                    ? ": acme-tls/1 is answered, but not with the certificate of this check"
                                    : ": a server answers, but does not speak acme-tls/1"));
            return negotiated && ours;
        } catch (UnknownHostException e) {
            out().println(name + ": the name does not resolve here");
            return false;
        } catch (IOException e) {
            out().println(name + ": no acme-tls/1 handshake with " + host.urlHost() + ": " + e.getMessage());
            return false;
        }
    }

    // What Java calls the value of an extension is wrapped once more in an octet string.
    private static boolean isWrapped(byte[] expected, byte @Nullable [] extension) {
        return extension != null
                && extension.length > expected.length
                && Arrays.equals(
                        expected, Arrays.copyOfRange(extension, extension.length - expected.length, extension.length));
    }

    private static SSLSocket connect(HostPort host) throws IOException {
        Socket plain = new Socket();
        plain.connect(new InetSocketAddress(host.identifier().value(), host.port()), TIMEOUT_MILLIS);
        plain.setSoTimeout(TIMEOUT_MILLIS);
        SSLSocket socket = (SSLSocket) context()
                .getSocketFactory()
                .createSocket(plain, host.identifier().value(), host.port(), true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {TlsAlpn01.PROTOCOL});
        parameters.setServerNames(List.of(new SNIHostName(TlsAlpn01.serverName(host.identifier()))));
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }

    private static SSLContext context() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new AnyCertificate()}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no TLS", e);
        }
    }

    /** The certificate of a challenge is self-signed: what counts is its extension, which is compared. */
    private static final class AnyCertificate extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, @Nullable Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, @Nullable Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, @Nullable SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, @Nullable SSLEngine engine) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
