package org.wucme.manage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.wucme.acme.AcmeClient;
import org.wucme.acme.AcmeConnectionException;
import org.wucme.acme.Ca;
import org.wucme.acme.RetryPolicy;
import org.wucme.acme.pki.KeyType;
import org.wucme.store.RecordBuilder;
import org.wucme.store.StoredAccount;
import org.wucme.store.TestWrites;
import org.wucme.testing.ca.Endpoint;
import org.wucme.testing.ca.Fault;

/** A CA that takes connections and never says a word, so that each question costs its whole timeout. */
@Timeout(120)
@SuppressWarnings("NullAway.Init")
class DeadCaTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(1);
    private static final Duration UNTIL_SUGGESTED = Duration.ofDays(80);

    @TempDir
    Path folder;

    private final Queue<Socket> connections = new ConcurrentLinkedQueue<>();
    private final BlockingQueue<ManagerEvent> events = new LinkedBlockingQueue<>();
    private Scene scene;
    private ServerSocket dead;

    @BeforeEach
    void open() throws IOException {
        scene = new Scene(folder);
        scene.register();
        dead = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread acceptor = new Thread(this::accept, "dead CA");
        acceptor.setDaemon(true);
        acceptor.start();
    }

    private void accept() {
        try {
            while (true) {
                connections.add(dead.accept());
            }
        } catch (IOException e) {
            // The end.
            connections.forEach(DeadCaTest::close);
        }
    }

    private static void close(Socket connection) {
        try {
            connection.close();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @AfterEach
    void close() throws Exception {
        dead.close();
        scene.close();
    }

    @Test
    void aThousandCertificatesOfADeadCaHoldUpNoOther() throws Exception {
        issueAtDeadCa(1000);
        scene.manager().issue(scene.wanted("zzz.example.test").build());
        scene.time.advance(UNTIL_SUGGESTED);

        scene.manager(configured().listener(event -> {
                    if (event instanceof ManagerEvent.Renewed) {
                        events.add(event);
                    }
                }))
                .start();

        ManagerEvent renewed = events.poll(100, TimeUnit.SECONDS);
        assertThat(renewed)
                .isInstanceOfSatisfying(
                        ManagerEvent.Renewed.class,
                        event -> assertThat(event.certificate().name()).isEqualTo("ZZZ_EXAMPLE_TEST"));
        assertThat(connections).hasSizeBetween(1, 20);
    }

    @Test
    void oneRunAsksADeadCaOnceAndGoesOn() throws Exception {
        issueAtDeadCa(20);
        scene.manager().issue(scene.wanted("zzz.example.test").build());
        scene.time.advance(UNTIL_SUGGESTED);

        List<Outcome> outcomes = scene.manager(configured()).renewDue();

        assertThat(outcomes.subList(0, 20))
                .allSatisfy(outcome -> assertThat(outcome)
                        .isInstanceOfSatisfying(
                                Outcome.Failed.class,
                                failed -> assertThat(failed.cause()).isInstanceOf(AcmeConnectionException.class)));
        assertThat(outcomes.get(20)).isInstanceOf(Outcome.Obtained.class);
        assertThat(connections).hasSizeBetween(1, 2);
        assertThat(scene.record("A19_EXAMPLE_TEST").attempts().failures()).isOne();
    }

    @Test
    void afterAWhileOneCertificateTriesWhetherItIsBack() throws Exception {
        issueAtDeadCa(20);
        scene.time.advance(UNTIL_SUGGESTED);
        CertificateManager manager = scene.manager(configured());
        manager.renewDue();
        int before = connections.size();
        scene.time.advance(Duration.ofMinutes(1));

        manager.renewDue();

        assertThat(connections).hasSizeBetween(before + 1, before + 2);
    }

    @Test
    void aHumanHasItTriedAgainWithoutAWhile() throws Exception {
        issueAtDeadCa(1);
        scene.time.advance(UNTIL_SUGGESTED);
        CertificateManager manager = scene.manager(configured());
        manager.renewDue();
        int before = connections.size();

        manager.retryNow();
        manager.renewDue();

        assertThat(connections).hasSizeBetween(before + 1, before + 2);
    }

    @Test
    void aCaThatDoesNotSayWhenToRenewIsNotAskedForEachCertificate() throws Exception {
        for (int i = 0; i < 10; i++) {
            scene.manager().issue(scene.wanted("a" + i + ".example.test").build());
        }
        scene.time.advance(Duration.ofDays(1));
        scene.ca.fault(Endpoint.RENEWAL_INFO, Fault.status(500, "text/html", "<html>down</html>"), 1000);
        CertificateManager manager = scene.manager(scene.configured(scene.store));

        assertThat(manager.renewDue()).hasOnlyElementsOfType(Outcome.Current.class);
        long asked = scene.ca.count(Endpoint.RENEWAL_INFO);
        scene.time.advance(Duration.ofHours(7));
        scene.ca.clearFaults();
        manager.renewDue();

        assertThat(asked).isPositive().isLessThan(10);
        assertThat(scene.ca.count(Endpoint.RENEWAL_INFO)).isEqualTo(asked + 10);
        assertThat(Objects.requireNonNull(scene.record("A9_EXAMPLE_TEST").renewalInfo())
                        .time())
                .isNotNull();
    }

    private CertificateManager.Builder configured() {
        return scene.configured(scene.store).connect(this::connect);
    }

    private AcmeClient connect(Ca ca) {
        return ca.directoryUrl().equals(deadDirectory())
                ? AcmeClient.builder(ca)
                        .requestTimeout(TIMEOUT)
                        .retry(new RetryPolicy(0, TIMEOUT, TIMEOUT, TIMEOUT))
                        .clock(scene.time)
                        .sleeper(scene.time)
                        .build()
                : scene.connect(ca);
    }

    private String deadDirectory() {
        return "https://" + dead.getInetAddress().getHostAddress() + ":" + dead.getLocalPort() + "/directory";
    }

    /** As if that many certificates had been issued while it lived. */
    private void issueAtDeadCa(int count) throws IOException {
        KeyPair accountKey = KeyType.EC_P256.generate();
        scene.store.saveAccount(new StoredAccount(deadDirectory(), deadDirectory() + "/1", List.of(), accountKey));
        scene.manager().issue(scene.wanted("a0.example.test").build());
        TestWrites.saveRecord(
                scene.store,
                "A0_EXAMPLE_TEST",
                RecordBuilder.of(scene.record("A0_EXAMPLE_TEST"))
                        .ca(Ca.of(deadDirectory()))
                        .build());
        for (int i = 1; i < count; i++) {
            for (String pattern : List.of("WUCME_C_A%d_EXAMPLE_TEST.PEM", "WUCME_K_A%d_EXAMPLE_TEST.PEM")) {
                Files.copy(folder.resolve(pattern.formatted(0)), folder.resolve(pattern.formatted(i)));
            }
            String record = Files.readString(folder.resolve("WUCME_R_A0_EXAMPLE_TEST.JSON"));
            Files.writeString(
                    folder.resolve("WUCME_R_A" + i + "_EXAMPLE_TEST.JSON"),
                    record.replace("a0.example.test", "a" + i + ".example.test"));
        }
    }
}
