package org.wucme.examples;

import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.logging.Level;
import java.util.logging.Logger;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.tls.HandshakeCertificates;
import org.wucme.acme.Account;
import org.wucme.acme.AcmeClient;
import org.wucme.acme.Ca;
import org.wucme.acme.CertificateRequest;
import org.wucme.acme.IssuedCertificate;
import org.wucme.acme.Registration;
import org.wucme.acme.challenge.Lease;
import org.wucme.acme.pki.KeyType;
import org.wucme.challenges.http.Http01Server;
import org.wucme.store.CertificateSpec;
import org.wucme.store.CertificateStore;
import org.wucme.store.LeaseNames;
import org.wucme.store.RenewalRecord;
import org.wucme.store.file.FileStore;
import org.wucme.testing.ca.TestCa;
import org.wucme.tls.ServerCertificates;

/** A certificate's first day, on this machine alone: a CA, an account, a challenge, a store, and one HTTPS request. */
public final class Quickstart {

    private Quickstart() {}

    /** Runs it all and prints what happens. */
    public static void main(String[] args) throws IOException {
        Logger.getLogger("").setLevel(Level.WARNING);
        run(System.out);
    }

    static void run(PrintStream out) throws IOException {
        InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (TestCa ca = TestCa.start();
                Http01Server http01 = Http01Server.open(anyPort);
                AcmeClient client = AcmeClient.builder(new Ca("test", ca.directoryUrl()))
                        .trustedRoots(List.of(ca.tlsRoot()))
                        .build()) {
            ca.validateHttp01At(http01.port());
            out.println("1. A CA for tests listens at " + ca.directoryUrl());

            Account account = client.register(
                    Registration.with(KeyType.EC_P256.generate()).agreeToTerms());
            out.println("2. An account is registered:  " + account.url());

            IssuedCertificate issued = account.obtain(CertificateRequest.of("localhost"), http01);
            out.println("3. The CA fetched the token over http-01, and issued serial "
                    + issued.chain().leaf().getSerialNumber().toString(16));

            FileStore store = FileStore.open(Files.createTempDirectory("wucme-quickstart"));
            out.println("4. Certificate and key are in " + save(issued, client.ca(), store));

            ServerCertificates certificates = ServerCertificates.builder(store).open();
            HttpsServer server = HttpsServerWithAcme.serve(certificates.sslContext(), anyPort);
            try (certificates) {
                String url = "https://localhost:" + server.getAddress().getPort() + "/";
                out.println(
                        "5. " + url + " answers: " + fetch(url, ca.issuerRoot()).strip());
            } finally {
                server.stop(0);
            }
        }
    }

    private static Path save(IssuedCertificate issued, Ca ca, CertificateStore store) throws IOException {
        String name = store.nameOf(issued.chain().identifiers().iterator().next());
        try (Lease lease = store.lease(LeaseNames.certificate(name), Duration.ofSeconds(10))
                .orElseThrow()) {
            store.save(
                    lease,
                    name,
                    issued.chain(),
                    Objects.requireNonNull(issued.key()),
                    RenewalRecord.of(CertificateSpec.builder(issued.chain().identifiers())
                            .ca(Ca.of(ca.directoryUrl()))
                            .build()),
                    null);
        }
        return Path.of(store.load(name).orElseThrow().location());
    }

    static String fetch(String url, X509Certificate root) throws IOException {
        HandshakeCertificates trust =
                new HandshakeCertificates.Builder().addTrustedCertificate(root).build();
        OkHttpClient browser = new OkHttpClient.Builder()
                .sslSocketFactory(trust.sslSocketFactory(), trust.trustManager())
                .build();
        try (Response response =
                browser.newCall(new Request.Builder().url(url).build()).execute()) {
            return response.body().string();
        } finally {
            browser.connectionPool().evictAll();
            browser.dispatcher().executorService().shutdown();
        }
    }
}
