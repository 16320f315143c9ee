package org.wucme.tls;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.wucme.tls.TestCertificates.issue;
import static org.wucme.tls.TestCertificates.issueRsa;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.wucme.acme.Identifier;
import org.wucme.store.StoredCertificate;
import org.wucme.tls.TestCertificates.Issued;

/** What handshakes get while the store is slow: the key of one certificate fits into memory, all others must be loaded. */
class KeyLoadTest {

    private static final Duration NEVER = Duration.ofDays(365);
    private static final Duration LONG = Duration.ofMinutes(5);
    private static final Duration SHORT = Duration.ofMillis(20);
    private static final String CACHED = "cached.example.org";
    private static final String SLOW = "slow.example.org";

    private final MemorySource source = new MemorySource().put("CACHED", issue(1, CACHED));
    private final Issued slow = issue(2, SLOW);
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);
    private final ExecutorService clients = Executors.newCachedThreadPool();
    private final LogLines log = LogLines.collect();
    private @Nullable ServerCertificates certificates;

    @AfterEach
    void close() {
        released.countDown();
        clients.shutdownNow();
        if (certificates != null) {
            certificates.close();
        }
        log.close();
    }

    /** Serves both, with the first in memory; from now on, reading the second hangs. */
    private void serve(Duration deadline, UnaryOperator<ServerCertificates.Builder> settings) throws IOException {
        source.put("SLOW", slow);
        ServerCertificates opened = settings.apply(ServerCertificates.builder(source)
                        .watchEvery(NEVER)
                        .keysInMemory(1)
                        .loadDeadline(deadline))
                .open();
        certificates = opened;
        awaitSerial(CACHED, 1);
        source.put("SLOW", () -> hang(slow.storedAs("SLOW")));
    }

    private void serve(Duration deadline) throws IOException {
        serve(deadline, UnaryOperator.identity());
    }

    private StoredCertificate hang(StoredCertificate then) {
        begun.countDown();
        try {
            released.await();
            return then;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private ServerCertificates certificates() {
        return requireNonNull(certificates);
    }

    private SSLEngine engine() {
        return certificates().sslContext().createSSLEngine();
    }

    private long ask(String serverName) throws SSLException {
        return ask(TestClient.TLS_1_3, serverName);
    }

    private long ask(TestClient client, String serverName) throws SSLException {
        return client.ask(engine(), serverName).getSerialNumber().longValueExact();
    }

    private void awaitSerial(String serverName, long serial) throws SSLException {
        awaitSerial(TestClient.TLS_1_3, serverName, serial);
    }

    /** Asks until a load that may be late is done; ends by the timeout of all tests. */
    private void awaitSerial(TestClient client, String serverName, long serial) throws SSLException {
        long served = 0;
        while (served != serial) {
            try {
                served = ask(client, serverName);
            } catch (SSLHandshakeException e) {
                Thread.onSpinWait();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void aCertificateInMemoryIsServedWhileTheLoadOfAnotherHangs(String version) throws Exception {
        serve(LONG);
        TestClient client = TestClient.of(version);
        Future<Long> waiting = clients.submit(() -> ask(client, SLOW));
        begun.await();

        assertThat(ask(client, CACHED)).isEqualTo(1);
        assertThat(waiting).isNotDone();

        released.countDown();
        assertThat(waiting.get()).isEqualTo(2);
    }

    @Test
    void aLoadThatIsLateGivesTheFallbackAndIsServedOnceItIsDone() throws Exception {
        serve(SHORT);

        assertThat(ask(SLOW)).isEqualTo(1);
        assertThat(log.warnings())
                .filteredOn(line -> line.contains("SLOW"))
                .singleElement()
                .asString()
                .contains("fallback");

        released.countDown();
        awaitSerial(SLOW, 2);
    }

    @Test
    void aLateLoadIsWaitedForOnlyOnceAndReadOnlyOnce() throws Exception {
        serve(SHORT, ServerCertificates.Builder::refuseUnknownNames);
        long before = source.readings();

        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> ask(TestClient.TLS_1_2, SLOW)).isInstanceOf(SSLHandshakeException.class);
        }

        assertThat(source.readings()).isEqualTo(before + 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void aHandshakeThatAsksManyTimesForAKeyThatCannotBeReadReadsItOnce(String version) throws Exception {
        serve(LONG, ServerCertificates.Builder::refuseUnknownNames);
        source.put("SLOW", () -> {
            throw new IllegalStateException("disk on fire");
        });
        long before = source.readings();

        assertThatThrownBy(() -> ask(TestClient.of(version), SLOW)).isInstanceOf(SSLHandshakeException.class);

        assertThat(source.readings()).isEqualTo(before + 1);
    }

    @Test
    void aKeyThatCouldNotBeReadIsTriedAgainAfterAMomentAndAtOnceAfterARefresh() throws Exception {
        serve(LONG);
        source.failWith("disk on fire");
        assertThat(ask(SLOW)).isEqualTo(1);

        source.failWith(null);
        source.put("SLOW", slow);
        awaitSerial(SLOW, 2);

        assertThat(ask(CACHED)).as("takes the only place").isEqualTo(1);
        source.failWith("disk on fire");
        assertThat(ask(SLOW)).isEqualTo(1);
        source.failWith(null);
        certificates().refresh("SLOW");
        assertThat(ask(SLOW)).isEqualTo(2);
    }

    @Test
    void anotherCertificateWithTheNameComesBeforeTheDefault() throws Exception {
        source.put("WILDCARD", issue(3, "*.example.org"));
        serve(SHORT);
        awaitSerial("any.example.org", 3);

        assertThat(ask(SLOW)).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void aKeyOfAnotherTypeForTheNameComesBeforeTheDefault(String version) throws Exception {
        source.put("RSA", issueRsa(4, SLOW));
        serve(SHORT);
        awaitSerial(TestClient.RSA_ONLY, SLOW, 4);

        assertThat(ask(TestClient.of(version), SLOW)).isEqualTo(4);
    }

    @Test
    void theTemporaryCertificateForTheNameComesBeforeTheDefault() throws Exception {
        serve(SHORT, builder -> builder.temporaryCertificate(List.of(Identifier.dns(SLOW))));

        assertThat(TestClient.TLS_1_3
                        .ask(engine(), SLOW)
                        .getSubjectX500Principal()
                        .getName())
                .contains("temporary");
        assertThat(ask(CACHED)).isEqualTo(1);
    }

    @Test
    void withADeadlineOfZeroNoHandshakeWaits() throws Exception {
        serve(Duration.ZERO);

        assertThat(ask(SLOW)).isEqualTo(1);
        begun.await();
        released.countDown();
        awaitSerial(SLOW, 2);

        assertThat(log.warnings()).isEmpty();
    }

    @Test
    void aStoreThatHangsCollectsNoThreads() throws Exception {
        int count = 40;
        for (int i = 0; i < count; i++) {
            source.put("HOST" + i, issue(100 + i, "host" + i + ".example.org"));
        }
        serve(SHORT);
        for (int i = 0; i < count; i++) {
            Issued issued = issue(100 + i, "host" + i + ".example.org");
            source.put("HOST" + i, () -> hang(issued.storedAs("HOST")));
        }

        for (int i = 0; i < count; i++) {
            assertThat(ask("host" + i + ".example.org")).isEqualTo(1);
        }

        assertThat(threads("wucme-certificate-keys")).hasSize(KeyLoads.THREADS);
        assertThat(ask(CACHED)).isEqualTo(1);
    }

    private static List<String> threads(String name) {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name::equals)
                .toList();
    }

    @Test
    void ofTheFirstHandshakesNoneReadsAsLongAsThereIsRoom() throws Exception {
        source.put("SLOW", slow);
        certificates = ServerCertificates.builder(source).watchEvery(NEVER).open();
        long before = source.readings();
        source.failWith("disk on fire");

        assertThat(Set.of(ask(CACHED), ask(SLOW))).containsExactlyInAnyOrder(1L, 2L);
        assertThat(source.readings()).isEqualTo(before);
    }

    @Test
    void keysThatPushEachOtherOutOfMemoryAreServedAllTheSame() throws Exception {
        serve(LONG);
        source.put("SLOW", slow);
        List<Future<Boolean>> all = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            String name = i % 2 == 0 ? CACHED : SLOW;
            long serial = i % 2 == 0 ? 1 : 2;
            all.add(clients.submit(() -> {
                for (int handshake = 0; handshake < 25; handshake++) {
                    assertThat(ask(TestClient.TLS_1_2, name)).isEqualTo(serial);
                }
                return true;
            }));
        }
        for (Future<Boolean> each : all) {
            assertThat(each.get()).isTrue();
        }
    }

    @Test
    void whatIsChangedIsFollowedWhileTheReadingOfAnotherHangs() throws Exception {
        serve(LONG, builder -> builder.patience(SHORT));
        source.put("CACHED", issue(3, CACHED));

        certificates().refresh();
        certificates().refresh();

        awaitSerial(CACHED, 3);
        assertThat(log.warnings()).anyMatch(line -> line.contains("takes long"));
        released.countDown();
        awaitSerial(SLOW, 2);
    }

    @Test
    void openingWaitsForNoCertificateThatHangs() throws Exception {
        source.put("SLOW", () -> hang(slow.storedAs("SLOW")));
        certificates = ServerCertificates.builder(source)
                .watchEvery(NEVER)
                .patience(SHORT)
                .open();

        awaitSerial(CACHED, 1);
        released.countDown();
        awaitSerial(SLOW, 2);
    }

    @Test
    void nothingIsReadInTheCommonPool() throws Exception {
        Set<String> readers = ConcurrentHashMap.newKeySet();
        for (int i = 0; i < 100; i++) {
            String name = "HOST" + i;
            Issued issued = issue(100 + i, name + ".example.org");
            source.put(name, () -> {
                readers.add(Thread.currentThread().getName());
                return issued.storedAs(name);
            });
        }
        certificates = ServerCertificates.builder(source).watchEvery(NEVER).open();

        assertThat(readers).containsOnly("wucme-certificate-changes");
    }

    @Test
    void afterClosingWhatIsInMemoryIsServedAndNothingElseIsDone() throws Exception {
        serve(LONG);
        var keys = certificates().keyManager();
        var context = certificates().sslContext();
        long before = source.readings();
        certificates().close();
        certificates().close();

        assertThat(TestClient.TLS_1_3.ask(context.createSSLEngine(), CACHED).getSerialNumber())
                .isEqualTo(1);
        assertThat(TestClient.TLS_1_3.ask(context.createSSLEngine(), SLOW).getSerialNumber())
                .as("the fallback")
                .isEqualTo(1);
        assertThat(keys.chooseServerAlias("EC", null, null)).isNotNull();
        assertThat(source.readings()).isEqualTo(before);
        assertThatThrownBy(certificates()::keyManager).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(certificates()::sslContext).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(certificates()::refresh).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> certificates().refresh("CACHED")).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void closingEndsLoadsThatHang() throws Exception {
        serve(LONG);
        Future<Long> waiting = clients.submit(() -> ask(SLOW));
        begun.await();
        certificates().close();

        assertThat(waiting.get(30, TimeUnit.SECONDS)).as("the fallback").isEqualTo(1);
        assertThat(log.warnings()).isEmpty();
    }

    @Test
    void aNegativeDeadlineIsRefused() {
        assertThatThrownBy(() -> ServerCertificates.builder(source).loadDeadline(Duration.ofNanos(-1)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
