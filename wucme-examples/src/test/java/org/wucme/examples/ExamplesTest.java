package org.wucme.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpsServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wucme.acme.Account;
import org.wucme.acme.AcmeClient;
import org.wucme.acme.Ca;
import org.wucme.acme.Identifier;
import org.wucme.acme.Registration;
import org.wucme.acme.pki.CertificateChain;
import org.wucme.acme.pki.KeyPairs;
import org.wucme.acme.pki.KeyType;
import org.wucme.acme.pki.Pem;
import org.wucme.challenges.http.Http01Server;
import org.wucme.manage.CertificateManager;
import org.wucme.manage.ManagerEvent;
import org.wucme.store.file.FileStore;
import org.wucme.testing.ca.TestCa;

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
    void stepByStepObtainsByEachStepOfTheProtocol() throws Exception {
        try (TestCa ca = TestCa.start();
                Http01Server http01 = Http01Server.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                AcmeClient client = AcmeClient.builder(new Ca("test", ca.directoryUrl()))
                        .trustedRoots(List.of(ca.tlsRoot()))
                        .build()) {
            ca.validateHttp01At(http01.port());
            KeyPair key = KeyType.EC_P256.generate();
            Account account = client.register(
                    Registration.with(KeyType.EC_P256.generate()).agreeToTerms());

            CertificateChain chain = StepByStep.issue(account, http01, key, "www.example.org", "example.org");

            assertThat(ca.certificates()).containsExactly(chain.leaf());
            assertThat(chain.leaf().getPublicKey()).isEqualTo(key.getPublic());
            assertThat(chain.identifiers())
                    .containsExactlyInAnyOrder(Identifier.dns("www.example.org"), Identifier.dns("example.org"));
        }
    }

    @Test
    void httpsServerWithAcmeServesWhatItObtainsAndObtainsItOnce(@TempDir Path folder) throws Exception {
        InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (TestCa ca = TestCa.start();
                Http01Server http01 = Http01Server.open(anyPort)) {
            ca.validateHttp01At(http01.port());
            BlockingQueue<ManagerEvent> events = new LinkedBlockingQueue<>();
            CertificateManager.Builder builder = atTestCa(ca, CertificateManager.builder(FileStore.open(folder)))
                    .listener(events::add);

            try (CertificateManager first = HttpsServerWithAcme.manage(builder, http01, "localhost")) {
                await(events, ManagerEvent.Obtained.class);
                assertThat(greeting(first, ca)).isEqualTo("Hello over TLS.\n");
            }
            CertificateManager.Builder again = atTestCa(ca, CertificateManager.builder(FileStore.open(folder)));
            try (CertificateManager second = HttpsServerWithAcme.manage(again, http01, "localhost")) {
                assertThat(greeting(second, ca)).isEqualTo("Hello over TLS.\n");
            }
            assertThat(ca.orders()).hasSize(1);
        }
    }

    private static CertificateManager.Builder atTestCa(TestCa ca, CertificateManager.Builder builder) {
        return builder.ca(new Ca("test", ca.directoryUrl()))
                .connect(where -> AcmeClient.builder(where)
                        .trustedRoots(List.of(ca.tlsRoot()))
                        .build());
    }

    private static void await(BlockingQueue<ManagerEvent> events, Class<? extends ManagerEvent> type)
            throws InterruptedException {
        ManagerEvent event = events.poll(60, TimeUnit.SECONDS);
        while (event != null && !type.isInstance(event)) {
            event = events.poll(60, TimeUnit.SECONDS);
        }
        assertThat(event).isInstanceOf(type);
    }

    private static String greeting(CertificateManager manager, TestCa ca) throws IOException {
        InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        HttpsServer server = HttpsServerWithAcme.serve(manager.sslContext(), anyPort);
        try {
            return Quickstart.fetch("https://localhost:" + server.getAddress().getPort() + "/", ca.issuerRoot());
        } finally {
            server.stop(0);
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

    @Test
    void readmeShowsAProgramThatCompilesWithWhatItBringsAlong(@TempDir Path folder) throws Exception {
        Path main = Files.writeString(folder.resolve("Main.java"), blockOf("java"));
        StringWriter messages = new StringWriter();

        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            List<String> options = List.of("-d", folder.toString(), "-proc:none");
            boolean isCompiled = compiler.getTask(messages, files, null, options, null, files.getJavaFileObjects(main))
                    .call();
            assertThat(isCompiled).as(messages.toString()).isTrue();
        }
    }

    @Test
    void readmeNamesTheVersionsOfThisBuild() throws Exception {
        String pom = Files.readString(Path.of("..", "pom.xml"));

        assertThat(blockOf("xml").lines().map(String::strip))
                .contains("<artifactId>acme-challenges</artifactId>", "<artifactId>acme-store</artifactId>")
                .contains("<version>" + between(pom, "<version>", "</version>") + "</version>")
                .contains("<version>" + between(pom, "<slf4j.v>", "</slf4j.v>") + "</version>");
    }

    private static String blockOf(String language) throws IOException {
        return between(Files.readString(Path.of("..", "README.md")), "```" + language + "\n", "```");
    }

    private static String between(String text, String begin, String end) {
        int from = text.indexOf(begin) + begin.length();
        return text.substring(from, text.indexOf(end, from));
    }

    private static String normalized(String text) {
        return text.replaceAll("\\s+", " ").strip();
    }
}
