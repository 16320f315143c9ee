package org.wucme.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.X509ExtendedTrustManager;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.ResponseBody;
import org.wucme.acme.AcmeClient;
import org.wucme.acme.Ca;
import org.wucme.acme.Identifier;
import org.wucme.acme.RetryPolicy;
import org.wucme.acme.challenge.TlsAlpn01;
import org.wucme.acme.internal.jca.Tls;
import org.wucme.acme.pki.KeyType;
import org.wucme.challenges.tlsalpn.TlsAlpn01Server;
import org.wucme.manage.CertificateManager;
import org.wucme.store.CertificateSpec;
import org.wucme.store.StoredAccount;
import org.wucme.store.file.FileStore;

/**
 * Not a command: the launcher runs this to learn which classes a renewal loads, and archives them. It goes through a
 * renewal without a CA, as far as that goes; it fails at the end, which does not matter.
 */
final class Training {

    private static final Ca UNREACHABLE = new Ca("unreachable", "https://ca.invalid/directory");
    private static final Identifier NAME = Identifier.dns("www.example.org");
    private static final RetryPolicy ONCE = new RetryPolicy(0, Duration.ZERO, Duration.ZERO, Duration.ZERO);

    private Training() {}

    /** Runs without output, without arguments, and without a connection to anything but itself. */
    public static void main(String[] args) throws IOException {
        Path folder = Files.createTempDirectory("wucme");
        InetAddress loopback = InetAddress.getLoopbackAddress();
        try (TlsAlpn01Server server = TlsAlpn01Server.open(new InetSocketAddress(loopback, 0))) {
            renew(FileStore.open(folder), server);
            connect(server.port());
        } finally {
            delete(folder);
        }
        Wucme.main(new String[] {"version"});
    }

    private static void renew(FileStore store, TlsAlpn01Server server) throws IOException {
        KeyPair accountKey = KeyType.EC_P256.generate();
        store.saveAccount(new StoredAccount(UNREACHABLE.directoryUrl(), null, List.of(), accountKey));
        OkHttpClient canned = new OkHttpClient.Builder()
                .addInterceptor(new CannedCa(server.port()))
                .build();
        CertificateManager.Builder manager = CertificateManager.builder(store)
                .solvers(List.of(server))
                .connect(ca ->
                        AcmeClient.builder(ca).httpClient(canned).retry(ONCE).build());
        try (CertificateManager certificates = manager.build()) {
            certificates.issue(
                    CertificateSpec.builder(List.of(NAME)).ca(UNREACHABLE).build());
        } catch (IOException e) {
            expected(e);
        }
    }

    /** Neither is what that server expects, but both ends learn it only after they have shown most of what they do. */
    private static void connect(int port) {
        Ca ca = new Ca("ourselves", "https://127.0.0.1:" + port + "/directory");
        try (AcmeClient client = AcmeClient.builder(ca).retry(ONCE).build()) {
            client.fetchDirectory();
        } catch (IOException e) {
            expected(e);
        }
        OkHttpClient http2 = new OkHttpClient.Builder()
                .protocols(List.of(Protocol.H2_PRIOR_KNOWLEDGE))
                .build();
        Request request =
                new Request.Builder().url("http://127.0.0.1:" + port + "/").build();
        try (Response response = http2.newCall(request).execute()) {
            response.body().bytes();
        } catch (IOException e) {
            expected(e);
        }
    }

    private static void expected(IOException failure) {
        System.out.println(failure.getMessage());
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /** Answers as a CA does, without looking at what it is asked. The certificate that it issues is the wrong one. */
    private static final class CannedCa implements Interceptor {

        private final int alpnPort;
        private volatile String shown = "";

        CannedCa(int alpnPort) {
            this.alpnPort = alpnPort;
        }

        @Override
        public Response intercept(Chain chain) throws IOException {
            Request request = chain.request();
            String path = request.url().encodedPath();
            return new Response.Builder()
                    .request(request)
                    .protocol(Protocol.HTTP_2)
                    .code(path.endsWith("/new") ? 201 : 200)
                    .message("")
                    .header("Replay-Nonce", "bm9uY2U")
                    .header("Location", "https://ca.invalid" + path + "/1")
                    .body(ResponseBody.create(answer(path), null))
                    .build();
        }

        private String answer(String path) throws IOException {
            String identifier = "{'type':'dns','value':'www.example.org'}";
            String challenge =
                    "{'type':'tls-alpn-01','url':'https://ca.invalid/challenge','token':'dG9rZW4','status':'pending'}";
            String order = "'identifiers':[" + identifier + "],'authorizations':['https://ca.invalid/authorization'],"
                    + "'finalize':'https://ca.invalid/finalize','certificate':'https://ca.invalid/certificate'}";
            if (path.equals("/challenge")) {
                shown = pem();
            }
            String json = switch (path) {
                case "/directory" ->
                    "{'newNonce':'https://ca.invalid/nonce',"
                            + "'newAccount':'https://ca.invalid/account/new',"
                            + "'newOrder':'https://ca.invalid/order/new',"
                            + "'revokeCert':'https://ca.invalid/revoke'}";
                case "/account/new" -> "{'status':'valid'}";
                case "/order/new" -> "{'status':'pending'," + order;
                case "/authorization" ->
                    "{'status':'pending','identifier':" + identifier + ",'challenges':[" + challenge + "]}";
                case "/challenge" -> challenge;
                case "/order/new/1" -> "{'status':'ready'," + order;
                case "/finalize" -> "{'status':'valid'," + order;
                case "/certificate" -> shown;
                default -> "";
            };
            return json.replace('\'', '"');
        }

        /** What the challenge's server shows is a certificate at least, if not the one that was ordered. */
        private String pem() throws IOException {
            try (SSLSocket socket = connect(alpnPort)) {
                Certificate certificate = socket.getSession().getPeerCertificates()[0];
                String base64 = Base64.getMimeEncoder().encodeToString(certificate.getEncoded());
                return "-----BEGIN CERTIFICATE-----\n" + base64 + "\n-----END CERTIFICATE-----\n";
            } catch (GeneralSecurityException e) {
                throw new IOException(e);
            }
        }

        private static SSLSocket connect(int port) throws IOException {
            SSLContext context = Tls.client(new Trusting());
            SSLSocket socket =
                    (SSLSocket) context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port);
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setApplicationProtocols(new String[] {TlsAlpn01.PROTOCOL});
            parameters.setServerNames(List.of(new SNIHostName(NAME.value())));
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            return socket;
        }
    }

    /** Trusts anybody: it only ever meets this process itself. */
    private static final class Trusting extends X509ExtendedTrustManager {

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
