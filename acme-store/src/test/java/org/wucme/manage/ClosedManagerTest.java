package org.wucme.manage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.wucme.acme.Ca;
import org.wucme.acme.IssuanceEvent;
import org.wucme.acme.RevocationReason;
import org.wucme.store.RenewalRecord;
import org.wucme.tls.ServerCertificates;

/** What a manager does when it is closed, and after that. */
class ClosedManagerTest {

    @TempDir
    Path folder;

    private Scene scene;

    @BeforeEach
    void open() throws IOException {
        scene = new Scene(folder);
        scene.register();
    }

    @AfterEach
    void close() throws Exception {
        scene.close();
    }

    /** A method of a manager. */
    private interface Verb {
        void call(CertificateManager manager, Scene scene) throws IOException;
    }

    static Stream<Named<Verb>> verbs() {
        return Stream.of(
                Named.of("start", (manager, scene) -> manager.start()),
                Named.of("issue", (manager, scene) -> manager.issue(scene.www())),
                Named.of("reissue", (manager, scene) -> manager.reissue(scene.www())),
                Named.of("findCurrent", (manager, scene) -> manager.findCurrent(scene.www())),
                Named.of("rehearse", (manager, scene) -> manager.rehearse(scene.www())),
                Named.of("renewDue", (manager, scene) -> manager.renewDue()),
                Named.of("deployOwed", (manager, scene) -> manager.deployOwed()),
                Named.of("deployNow", (manager, scene) -> manager.deployNow(Scene.WWW)),
                Named.of("retryNow", (manager, scene) -> manager.retryNow()),
                Named.of(
                        "revoke",
                        (manager, scene) -> manager.revoke(
                                scene.ca.issuerRoot(),
                                null,
                                Ca.of(scene.ca.directoryUrl()),
                                RevocationReason.SUPERSEDED)),
                Named.of("sslContext", (manager, scene) -> manager.sslContext()),
                Named.of("keyManager", (manager, scene) -> manager.keyManager()));
    }

    @ParameterizedTest
    @MethodSource("verbs")
    void aClosedManagerRefusesToWork(Verb verb) throws Exception {
        CertificateManager manager = scene.manager(scene.configured(scene.store));
        manager.keyManager();
        manager.close();

        assertThatThrownBy(() -> verb.call(manager, scene))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
        assertThat(scene.ca.orders()).isEmpty();
        assertThat(scene.store.list()).isEmpty();
    }

    @Test
    void aManagerThatWasNeverUsedCanBeClosedAgainAndAgain() {
        CertificateManager manager = scene.manager(scene.configured(scene.store));

        assertThatCode(manager::close).doesNotThrowAnyException();
        assertThatCode(manager::close).doesNotThrowAnyException();
    }

    @Test
    void closingByManyThreadsWhileItWorksEndsAll() throws Exception {
        CertificateManager manager = scene.manager(
                scene.configured(scene.store).ca(Ca.of(scene.ca.directoryUrl())).manage("www.example.test"));
        manager.start();
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                all.add(threads.submit(manager::close));
            }
            for (Future<?> each : all) {
                assertThat(each.get()).isNull();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void anOrderThatClosingInterruptsIsNotHeldAgainstTheCertificate() throws Exception {
        AtomicReference<CertificateManager> self = new AtomicReference<>();
        CertificateManager manager = scene.manager(scene.configured(scene.store).progress(event -> {
            if (event instanceof IssuanceEvent.OrderCreated) {
                Objects.requireNonNull(self.get()).close();
            }
        }));
        self.set(manager);

        assertThatThrownBy(() -> manager.issue(scene.www())).isInstanceOf(Exception.class);

        RenewalRecord record = scene.record(Scene.WWW);
        assertThat(record.attempts().failures()).isZero();
        assertThat(record.attempts().nextAttempt()).isNull();
        assertThat(record.attempts().pendingOrder()).isNotNull();
        try (CertificateManager next = scene.manager(scene.configured(scene.store))) {
            next.issue(scene.www());
        }
        assertThat(scene.ca.orders()).as("resumed").hasSize(1);
    }

    @Test
    void theSettingsOfWhatIsServedArePassedOn() throws Exception {
        List<ServerCertificates.Builder> seen = new ArrayList<>();
        try (CertificateManager manager =
                scene.manager(scene.configured(scene.store).serverCertificates(builder -> {
                    seen.add(builder.loadDeadline(Duration.ZERO).refuseUnknownNames());
                }))) {
            manager.issue(scene.www());

            assertThat(manager.keyManager().chooseEngineServerAlias("EC", null, null))
                    .as("a client without a name is refused")
                    .isNull();
            assertThat(seen).hasSize(1);
        }
    }
}
