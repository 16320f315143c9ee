package org.wucme.tls;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.wucme.tls.TestCertificates.issue;
import static org.wucme.tls.TestCertificates.issueRsa;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.wucme.store.StoredCertificate;
import org.wucme.store.TestWrites;
import org.wucme.store.file.FileStore;
import org.wucme.tls.TestCertificates.Issued;

/** What is served when certificates are replaced, broken, expire or go away. */
class FreshnessTest {

    private static final Duration NEVER = Duration.ofDays(365);

    private final MemorySource source = new MemorySource();
    private final LogLines log = LogLines.collect();

    @TempDir
    Path folder;

    private @Nullable ServerCertificates certificates;
    private @Nullable TestServer server;

    @BeforeEach
    void putOne() {
        source.put("A", issue(1, "www.example.org"));
    }

    @AfterEach
    void close() throws IOException {
        if (server != null) {
            server.close();
        }
        if (certificates != null) {
            certificates.close();
        }
        log.close();
    }

    private void serve(ServerCertificates.Builder builder) throws IOException {
        certificates = builder.open();
        server = TestServer.start(certificates.sslContext());
    }

    private void serve(UnaryOperator<ServerCertificates.Builder> configuration) throws IOException {
        serve(configuration.apply(ServerCertificates.builder(source).watchEvery(NEVER)));
    }

    private void serve() throws IOException {
        serve(UnaryOperator.identity());
    }

    private ServerCertificates certificates() {
        return requireNonNull(certificates);
    }

    private TestServer server() {
        return requireNonNull(server);
    }

    private long ask(String serverName) throws IOException {
        return ask(TestClient.TLS_1_3, serverName);
    }

    private long ask(TestClient client, String serverName) throws IOException {
        return client.ask(server(), serverName).getSerialNumber().longValueExact();
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void theNextHandshakeAfterAReplacementGetsTheNewCertificateAndOpenConnectionsLiveOn(String version)
            throws IOException {
        serve();
        TestClient client = TestClient.of(version);
        try (SSLSocket before = client.connect(server(), "www.example.org")) {
            source.put("A", issue(2, "www.example.org"));
            certificates().refresh("A");

            assertThat(ask(client, "www.example.org")).isEqualTo(2);
            TestClient.exchange(before, 7);
            assertThat(TestClient.certificate(before.getSession()).getSerialNumber())
                    .isEqualTo(1);
        }
    }

    @Test
    void aReplacementWithAKeyOfAnotherTypeIsServed() throws IOException {
        serve();
        assertThat(ask("www.example.org")).isEqualTo(1);

        source.put("A", issueRsa(2, "www.example.org"));
        certificates().refresh("A");

        assertThat(ask("www.example.org")).isEqualTo(2);
    }

    @Test
    void aReplacementWithOtherNamesIsServedForThoseAndNoOthers() throws IOException {
        serve(ServerCertificates.Builder::refuseUnknownNames);
        source.put("A", issue(2, "www.example.org", "mail.example.org"));
        certificates().refresh("A");
        assertThat(ask("mail.example.org")).isEqualTo(2);

        source.put("A", issue(3, "mail.example.org"));
        certificates().refresh("A");

        assertThat(ask("mail.example.org")).isEqualTo(3);
        assertThatThrownBy(() -> ask("www.example.org")).isInstanceOf(SSLHandshakeException.class);
    }

    @Test
    void whatIsAddedIsServedAndWhatIsGoneIsNot() throws IOException {
        serve(ServerCertificates.Builder::refuseUnknownNames);
        source.remove("A").put("B", issue(2, "mail.example.org"));
        certificates().refresh();

        assertThat(ask("mail.example.org")).isEqualTo(2);
        assertThatThrownBy(() -> ask("www.example.org")).isInstanceOf(SSLHandshakeException.class);
        assertThat(certificates().keysInMemory()).isEqualTo(1);
        assertThat(log.infos()).contains("the certificate A is gone from the store, and served no more");
    }

    @Test
    void aCertificateThatIsNotIssuedYetIsNotMissed() throws IOException {
        source.put("B", () -> new StoredCertificate("B", "memory:B", null, null, null, null));
        serve();

        assertThat(ask("www.example.org")).isEqualTo(1);
        assertThat(log.warnings()).isEmpty();
    }

    @Test
    void whatAnotherStoreReplacesIsSeenByWatching() throws Exception {
        FileStore ours = FileStore.open(folder);
        FileStore theirs = FileStore.open(folder);
        issue(1, "www.example.org").saveIn(theirs);
        serve(ServerCertificates.builder(ours).watchEvery(Duration.ofMillis(20)));
        assertThat(ask("www.example.org")).isEqualTo(1);

        for (long serial = 2; serial < 5; serial++) {
            issue(serial, "www.example.org").saveIn(theirs);
            awaitSerial("www.example.org", serial);
        }
        issue(5, "mail.example.org").saveIn(theirs);
        awaitSerial("mail.example.org", 5);
        TestWrites.archive(theirs, "WWW_EXAMPLE_ORG");
        awaitSerial("www.example.org", 5);
    }

    @Test
    void anErrorEndsNeitherTheWatchingNorTheReadingOfOthers() throws Exception {
        source.put("B", issue(2, "mail.example.org"));
        serve(ServerCertificates.builder(source).watchEvery(Duration.ofMillis(20)));
        assertThat(ask("www.example.org")).isEqualTo(1);
        Supplier<StoredCertificate> broken = () -> {
            throw new StackOverflowError("nested too deep");
        };

        source.put("A", broken).put("B", issue(3, "mail.example.org"));
        awaitSerial("mail.example.org", 3);
        assertThat(ask("www.example.org")).isEqualTo(1);

        source.put("A", issue(4, "www.example.org"));
        awaitSerial("www.example.org", 4);
    }

    private void awaitSerial(String serverName, long serial) throws IOException {
        // Ends by the timeout of all tests.
        while (ask(serverName) != serial) {
            Thread.onSpinWait();
        }
    }

    @Test
    void aFileThatIsWrittenInPlaceIsSeen() throws IOException {
        FileStore store = FileStore.open(folder);
        String name = issue(1, "www.example.org").saveIn(store);
        serve(ServerCertificates.builder(store).watchEvery(NEVER));
        Path file = Path.of(store.load(name).orElseThrow().location());
        Path other = folder.resolve("other");
        issue(2, "www.example.org").saveIn(FileStore.open(other));
        FileTime before = Files.getLastModifiedTime(folder);

        Files.write(file, Files.readAllBytes(other.resolve(file.getFileName())));
        certificates().refresh();

        assertThat(Files.getLastModifiedTime(folder)).isEqualTo(before);
        assertThat(ask("www.example.org")).isEqualTo(2);
    }

    @Test
    void aBrokenFileKeepsTheLastGoodCertificateServedAndIsToldOnce() throws IOException {
        FileStore store = FileStore.open(folder);
        String name = issue(1, "www.example.org").saveIn(store);
        serve(ServerCertificates.builder(store).watchEvery(NEVER).keysInMemory(1));
        Path file = Path.of(store.load(name).orElseThrow().location());
        assertThat(ask("www.example.org")).isEqualTo(1);
        String good = Files.readString(file);

        Files.writeString(file, good.substring(0, 300));
        for (int i = 0; i < 3; i++) {
            certificates().refresh();
            assertThat(ask("www.example.org")).isEqualTo(1);
        }
        assertThat(log.warnings()).singleElement().asString().contains(name, "still served", "not understood");

        issue(2, "mail.example.org").saveIn(store);
        certificates().refresh();
        assertThat(ask("mail.example.org")).isEqualTo(2);
        assertThat(ask("www.example.org")).as("not pushed out of memory").isEqualTo(1);

        Files.writeString(file, good);
        certificates().refresh();
        assertThat(ask("www.example.org")).isEqualTo(1);
        assertThat(log.infos()).anyMatch(line -> line.endsWith("can be read again"));
        assertThat(certificates().keysInMemory()).isEqualTo(1);
    }

    @Test
    void aCertificateWhoseKeyIsLostKeepsTheLastGoodOneServed() throws IOException {
        serve();
        assertThat(ask("www.example.org")).isEqualTo(1);
        Issued next = issue(2, "www.example.org");
        source.put("A", () -> new StoredCertificate("A", "memory:A", next.chain(), null, null, null));
        certificates().refresh();

        assertThat(ask("www.example.org")).isEqualTo(1);
        assertThat(log.warnings()).singleElement().asString().contains("no private key", "memory:A");
    }

    @Test
    void anErrorIsToldWithItsType() throws IOException {
        serve();
        source.put("A", () -> {
            throw new NoClassDefFoundError("org/example/Gone");
        });
        certificates().refresh();

        assertThat(log.warnings()).singleElement().asString().contains("NoClassDefFoundError", "org/example/Gone");
    }

    @Test
    void aCertificateThatNeverCouldBeReadIsPassedOver() throws IOException {
        source.putBroken("B", "it is torn").put("C", issue(3, "*.example.org"));
        Issued keyless = issue(4, "mail.example.org");
        source.put("D", () -> new StoredCertificate("D", "memory:D", keyless.chain(), null, null, "its key is torn"));
        serve();

        assertThat(ask("mail.example.org")).isEqualTo(3);
        assertThat(log.warnings())
                .containsExactlyInAnyOrder(
                        "certificate B: it cannot be served: it is torn",
                        "certificate D: it cannot be served: its key is torn");
    }

    @Test
    void aStoreThatCannotBeReadChangesNothingAndIsToldOnce() throws IOException {
        serve();
        assertThat(ask("www.example.org")).isEqualTo(1);

        source.failWith("disk on fire");
        certificates().refresh();
        certificates().refresh();
        assertThat(ask("www.example.org")).isEqualTo(1);
        assertThat(log.warnings()).singleElement().asString().contains("disk on fire", "stays as it is");

        source.failWith(null);
        certificates().refresh();
        assertThat(log.infos()).anyMatch(line -> line.endsWith("can be read again"));
    }

    @Test
    void aStoreThatCannotBeReadAtTheStartIsAnError() {
        source.failWith("no such disk");
        assertThatThrownBy(this::serve).isInstanceOf(IOException.class).hasMessage("no such disk");
    }

    @Test
    void anExpiredCertificateIsServedWithOneWarningUnlessThereIsABetterOne() throws IOException {
        Instant yesterday = Instant.now().minus(Duration.ofDays(1));
        source.put("A", issue(TestCertificates.EC, TestCertificates.ROOT, 1, yesterday, "www.example.org"));
        serve();
        assertThat(ask("www.example.org")).isEqualTo(1);
        assertThat(ask("www.example.org")).isEqualTo(1);
        assertThat(log.warnings()).singleElement().asString().contains("expired at", "still served");

        source.put("B", issue(2, "*.example.org"));
        certificates().refresh();

        assertThat(ask("www.example.org")).isEqualTo(2);
    }

    @Test
    void anInterruptedRefreshSaysNothingAboutTheCertificate() throws IOException {
        serve();
        assertThat(ask("www.example.org")).isEqualTo(1);
        source.putBroken("A", "interrupted");

        Thread.currentThread().interrupt();
        certificates().refresh("A");
        certificates().refresh();

        source.remove("A");
        certificates().refresh("A");
        certificates().refresh();

        assertThat(Thread.interrupted()).isTrue();
        assertThat(log.warnings()).isEmpty();
        assertThat(ask("www.example.org")).isEqualTo(1);
        source.putBroken("A", "torn");
        certificates().refresh();
        assertThat(log.warnings()).hasSize(1);
    }

    @Test
    void aKeyOfAnotherTypeThatCameUnnoticedGoesOnlyToThoseWhoCanUseIt() throws IOException {
        source.put("B", issue(3, "mail.example.org"));
        serve(builder -> builder.keysInMemory(1));
        assertThat(ask("mail.example.org")).isEqualTo(3);
        source.put("A", issueRsa(2, "www.example.org"));
        X509ExtendedKeyManager keys = certificates().keyManager();

        assertThat(keys.chooseServerAlias("EC", null, null)).isNull();
        assertThat(keys.chooseServerAlias("RSA", null, null)).isNotNull();
    }

    @Test
    void aHandshakeForACertificateInMemoryReadsNothing() throws IOException {
        serve();
        assertThat(ask("www.example.org")).isEqualTo(1);
        long before = source.readings();
        source.failWith("disk on fire");

        assertThat(ask("www.example.org")).isEqualTo(1);
        assertThat(source.readings()).isEqualTo(before);
    }

    @Test
    void closingEndsTheWatchingAndTheLastCertificateIsServedOn() throws IOException {
        serve();
        assertThat(ask("www.example.org")).isEqualTo(1);
        certificates().close();
        certificates().close();

        assertThat(ask("www.example.org")).isEqualTo(1);
        assertThat(Thread.getAllStackTraces().keySet())
                .filteredOn(thread -> thread.getName().equals("wucme-certificates") && thread.isAlive())
                .isEmpty();
    }

    @Test
    void nonsenseIsRefused() {
        ServerCertificates.Builder builder = ServerCertificates.builder(source);
        assertThatThrownBy(() -> builder.watchEvery(Duration.ZERO)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.watchEvery(Duration.ofSeconds(-1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.keysInMemory(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.temporaryCertificate(List.of())).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void anUnknownNameToRefreshIsNoError() throws IOException {
        FileStore store = FileStore.open(folder);
        issue(1, "www.example.org").saveIn(store);
        serve(ServerCertificates.builder(store).watchEvery(NEVER));

        certificates().refresh("OTHER");
        certificates().refresh("not a name");

        assertThat(ask("www.example.org")).isEqualTo(1);
    }
}
