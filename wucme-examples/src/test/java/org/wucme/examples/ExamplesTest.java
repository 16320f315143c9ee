package org.wucme.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpsServer;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wucme.acme.AcmeClient;
import org.wucme.acme.Ca;
import org.wucme.acme.Identifier;
import org.wucme.acme.pki.CertificateChain;
import org.wucme.acme.pki.KeyPairs;
import org.wucme.acme.pki.Pem;
import org.wucme.challenges.http.Http01Server;
import org.wucme.testing.TestCa;

class ExamplesTest {

    @Test
    void quickstartGoesFromNothingToAnHttpsAnswer() throws Exception {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();

        Quickstart.run(new PrintStream(printed, true, StandardCharsets.UTF_8));

        assertThat(printed.toString(StandardCharsets.UTF_8).lines())
                .hasSize(5)
                .last()
                .asString()
                .endsWith("answers: Hello over TLS.");
    }

    @Test
    void issueToFilesLeavesCertificateAndKeyThatBelongTogether(@TempDir Path folder) throws Exception {
        try (TestCa ca = TestCa.start();
                Http01Server http01 = Http01Server.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                AcmeClient client = AcmeClient.builder(new Ca("test", ca.directoryUrl()))
                        .trustedRoots(List.of(ca.tlsRoot()))
                        .build()) {
            ca.validateHttp01At(http01.port());

            Path file = IssueToFiles.issue(client, http01, folder, "www.example.org", "example.org");

            String pem = Files.readString(file);
            CertificateChain chain = new CertificateChain(Pem.certificates(pem));
            assertThat(file.getFileName()).hasToString("WUCME_C_WWW_EXAMPLE_ORG.PEM");
            assertThat(chain.identifiers())
                    .containsExactlyInAnyOrder(Identifier.dns("www.example.org"), Identifier.dns("example.org"));
            assertThat(KeyPairs.read(pem).getPublic()).isEqualTo(chain.leaf().getPublicKey());
        }
    }

    @Test
    void httpsServerWithAcmeServesWithWhatItObtainedAtItsStart() throws Exception {
        InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (TestCa ca = TestCa.start();
                Http01Server http01 = Http01Server.open(anyPort);
                AcmeClient client = AcmeClient.builder(new Ca("test", ca.directoryUrl()))
                        .trustedRoots(List.of(ca.tlsRoot()))
                        .build()) {
            ca.validateHttp01At(http01.port());

            HttpsServer server = HttpsServerWithAcme.serve(client, http01, "localhost", anyPort);

            try {
                String url = "https://localhost:" + server.getAddress().getPort() + "/";
                assertThat(Quickstart.fetch(url, ca.issuerRoot())).isEqualTo("Hello over TLS.\n");
            } finally {
                server.stop(0);
            }
        }
    }

    @Test
    void readmeShowsTheCodeThatIsTested() throws Exception {
        String readme = Files.readString(Path.of("..", "README.md"));
        String source = Files.readString(Path.of("src/main/java/org/wucme/examples/HttpsServerWithAcme.java"));
        String shown = source.substring(
                source.indexOf("// README:begin") + "// README:begin".length(), source.indexOf("// README:end"));

        assertThat(normalized(readme)).contains(normalized(shown));
    }

    private static String normalized(String text) {
        return text.replaceAll("\\s+", " ").strip();
    }
}
