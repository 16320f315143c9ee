package org.wucme.manage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wucme.acme.Ca;
import org.wucme.acme.Identifier;
import org.wucme.acme.RevocationReason;
import org.wucme.acme.challenge.Lease;
import org.wucme.store.CertificateStore;
import org.wucme.store.LeaseNames;
import org.wucme.store.RecordBuilder;
import org.wucme.store.RenewalRecord;
import org.wucme.store.StoreException;
import org.wucme.store.StoredCertificate;
import org.wucme.store.TestWrites;
import org.wucme.testing.ca.Endpoint;
import org.wucme.testing.ca.Fault;

/** What is not managed any more is left alone, in the store and by all managers, until it is requested again. */
@SuppressWarnings("NullAway.Init")
class UnmanageTest {

    private static final String OTHER = "OTHER_EXAMPLE_TEST";

    @TempDir
    Path folder;

    private final BlockingQueue<ManagerEvent> events = new LinkedBlockingQueue<>();
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

    private CertificateManager.Builder listening() {
        return scene.configured(scene.store).renewalInfo(false).listener(events::add);
    }

    private void failFirstIssuance() {
        scene.ca.alwaysValid(false);
        assertThatThrownBy(() -> scene.manager().issue(scene.www())).isInstanceOf(IOException.class);
        scene.ca.alwaysValid(true);
    }

    private <T extends ManagerEvent> T await(Class<T> type, String name) throws InterruptedException {
        while (true) {
            ManagerEvent event = events.poll(30, TimeUnit.SECONDS);
            assertThat(event).as("%s of %s", type.getSimpleName(), name).isNotNull();
            if (type.isInstance(event) && event.toString().contains(name)) {
                return type.cast(event);
            }
        }
    }

    @Test
    void aCertificateStaysAsItIsAndIsNotRenewed() throws Exception {
        scene.manager().issue(scene.www());
        StoredCertificate before = scene.stored(Scene.WWW);
        scene.ca.clearLog();

        assertThat(scene.manager().unmanage(Scene.WWW)).isTrue();
        scene.time.advance(Scene.UNTIL_DUE);

        assertThat(scene.manager().renewDue()).isEmpty();
        assertThat(scene.stored(Scene.WWW).chain()).isEqualTo(before.chain());
        assertThat(scene.stored(Scene.WWW).keyPair()).isNotNull();
        assertThat(scene.ca.count(Endpoint.NEW_ORDER)).isZero();
        assertThat(scene.ca.count(Endpoint.REVOKE)).isZero();
        assertThat(scene.manager().unmanage(Scene.WWW)).isFalse();
    }

    @Test
    void anExpiredCertificateIsNoAlarm() throws Exception {
        scene.manager().issue(scene.www());
        scene.manager().unmanage(Scene.WWW);
        scene.time.advance(Scene.UNTIL_DUE.multipliedBy(3));

        try (CertificateManager manager = scene.manager(listening())) {
            manager.renewDue();
        }

        assertThat(events).isEmpty();
    }

    @Test
    void aCertificateOfAnotherProgramIsLeftAloneToo() throws Exception {
        scene.putForeign(
                OTHER,
                new HeldCertificate.Builder()
                        .addSubjectAlternativeName("other.example.test")
                        .validityInterval(0, scene.time.instant().toEpochMilli())
                        .build());

        assertThat(scene.manager().unmanage(OTHER)).isTrue();

        assertThat(scene.manager().renewDue()).isEmpty();
    }

    @Test
    void nothingIsLeftOfARequestThatFailed() throws Exception {
        List<String> before = List.copyOf(scene.files());
        failFirstIssuance();
        assertThat(scene.manager().renewDue()).hasOnlyElementsOfType(Outcome.NeedsHelp.class);

        assertThat(scene.manager().unmanage(Scene.WWW)).isTrue();

        assertThat(scene.files()).containsExactlyElementsOf(before);
        assertThat(scene.manager().renewDue()).isEmpty();
        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(() -> scene.manager().unmanage(Scene.WWW));
    }

    @Test
    void aFirstOrderThatNeverGotToAChallengeLeavesNothing() throws Exception {
        List<String> before = List.copyOf(scene.files());
        scene.ca.fault(Endpoint.AUTHORIZATION, Fault.problem(403, "unauthorized", "not for you"), 9);

        assertThatThrownBy(() -> scene.manager().issue(scene.www())).isInstanceOf(IOException.class);

        assertThat(scene.files()).containsExactlyElementsOf(before);
        scene.ca.clearFaults();
    }

    @Test
    void issuingManagesAgain() throws Exception {
        CertificateManager manager = scene.manager();
        manager.issue(scene.www());
        manager.unmanage(Scene.WWW);

        assertThat(manager.issue(scene.www())).isInstanceOf(Outcome.Current.class);

        assertThat(scene.record(Scene.WWW).unmanaged()).isFalse();
        manager.unmanage(Scene.WWW);
        scene.time.advance(Scene.UNTIL_DUE);
        assertThat(manager.issue(scene.www())).isInstanceOf(Outcome.Obtained.class);
        assertThat(manager.renewDue()).hasOnlyElementsOfType(Outcome.Current.class);
    }

    @Test
    void aCompromisedKeyDoesNotManageAgain() throws Exception {
        CertificateManager manager = scene.manager();
        manager.issue(scene.www());
        StoredCertificate stored = scene.stored(Scene.WWW);
        manager.unmanage(Scene.WWW);

        manager.revoke(
                Objects.requireNonNull(stored.chain()).leaf(),
                null,
                Ca.of(scene.ca.directoryUrl()),
                RevocationReason.KEY_COMPROMISE);

        assertThat(manager.renewDue()).isEmpty();
    }

    @Test
    void deploymentsThatWereLackingAreNotCarriedOut() throws Exception {
        scene.manager().issue(scene.www());
        scene.manager().unmanage(Scene.WWW);
        List<String> deployed = new CopyOnWriteArrayList<>();

        scene.manager(listening().deployment("reload", certificate -> deployed.add(certificate.name())))
                .deployOwed();

        assertThat(deployed).isEmpty();
    }

    @Test
    void aManagerThatRunsHonorsWhatAnotherProcessDoes() throws Exception {
        scene.manager().issue(scene.www());
        scene.manager().issue(scene.wanted("other.example.test").build());
        CertificateManager running = scene.manager(listening());
        running.start();
        await(ManagerEvent.BecameActive.class, "");
        scene.manager().unmanage(Scene.WWW);

        scene.time.advance(Scene.UNTIL_DUE);
        running.retryNow();

        await(ManagerEvent.Renewed.class, OTHER);
        running.close();
        assertThat(events).noneMatch(event -> event.toString().contains(Scene.WWW));
        assertThat(scene.record(Scene.WWW).unmanaged()).isTrue();
    }

    @Test
    void aManagerStopsRequestingWhatItWasStartedWith() throws Exception {
        scene.ca.fault(Endpoint.NEW_ORDER, Fault.problem(403, "rejectedIdentifier", "never"), 99);
        CertificateManager running = scene.manager(listening().manage(scene.www()));
        running.start();
        await(ManagerEvent.Failed.class, Scene.WWW);

        assertThat(running.unmanage(Scene.WWW)).isTrue();
        scene.ca.clearFaults();
        running.issue(scene.wanted("other.example.test").build());
        running.retryNow();
        running.close();

        assertThat(scene.store.load(Scene.WWW)).isEmpty();
    }

    @Test
    void aRequestThatAnotherProcessTookBackIsNotMadeAgain() throws Exception {
        scene.ca.fault(Endpoint.NEW_ORDER, Fault.problem(403, "rejectedIdentifier", "never"), 99);
        CertificateManager running = scene.manager(listening().manage(scene.www()));
        running.start();
        await(ManagerEvent.Failed.class, Scene.WWW);

        scene.manager().unmanage(Scene.WWW);
        scene.ca.clearFaults();
        running.issue(scene.wanted("other.example.test").build());
        running.retryNow();
        await(ManagerEvent.Obtained.class, OTHER);
        running.close();

        assertThat(scene.store.load(Scene.WWW)).isEmpty();
    }

    @Test
    void whatIsNamedAtTheNextStartIsManagedAgain() throws Exception {
        scene.manager().issue(scene.www());
        scene.manager().unmanage(Scene.WWW);

        scene.manager(listening().manage(scene.www())).start().close();

        assertThat(scene.record(Scene.WWW).unmanaged()).isFalse();
    }

    @Test
    void whatAnotherThreadWorksOnIsNotTouched() throws Exception {
        failFirstIssuance();
        CountDownLatch done = new CountDownLatch(1);
        try (Lease lock = scene.store
                .lease(LeaseNames.certificate(Scene.WWW), Duration.ZERO)
                .orElseThrow()) {
            CertificateManager manager = scene.manager();
            Thread waiting = new Thread(() -> {
                assertThatThrownBy(() -> manager.unmanage(Scene.WWW)).isInstanceOf(IOException.class);
                done.countDown();
            });
            waiting.start();
            waiting.interrupt();
            assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(scene.store.load(Scene.WWW)).isPresent();
    }

    @Test
    void whatCannotBeReadIsReportedAndLeftAlone() throws Exception {
        Path file = Files.writeString(folder.resolve("WUCME_C_" + OTHER + ".PEM"), "no certificate");

        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(() -> scene.manager().unmanage(OTHER))
                .withMessageContaining(file.toString());

        assertThat(file).hasContent("no certificate");
    }

    @Test
    void aRecordKeepsItOverTheFile() throws Exception {
        RenewalRecord unmanaged = RecordBuilder.of(List.of(Identifier.of("www.example.test")), scene.ca.directoryUrl())
                .unmanaged(true)
                .build();

        TestWrites.saveRecord(scene.store, Scene.WWW, unmanaged);

        assertThat(scene.record(Scene.WWW)).isEqualTo(unmanaged);
    }

    @Test
    void aWriteThatFailsLeavesTheRunningManagerAsItWas() throws Exception {
        AtomicBoolean isFull = new AtomicBoolean(true);
        scene.ca.fault(Endpoint.NEW_ORDER, Fault.problem(403, "rejectedIdentifier", "never"), 99);
        CertificateStore full = TestStores.before("removeRequest", scene.store, arguments -> {
            if (isFull.get()) {
                throw new IOException("no space left");
            }
        });
        CertificateManager running = scene.manager(
                scene.configured(full).renewalInfo(false).listener(events::add).manage(scene.www()));
        running.start();
        await(ManagerEvent.Failed.class, Scene.WWW);

        assertThatThrownBy(() -> running.unmanage(Scene.WWW)).hasMessageContaining("no space left");
        scene.ca.clearFaults();
        running.retryNow();

        await(ManagerEvent.Obtained.class, Scene.WWW);
    }

    @Test
    void whatIsNamedAtTheNextStartIsManagedAgainOnceAnotherProcessIsDoneWithIt() throws Exception {
        scene.manager().issue(scene.www());
        scene.manager().unmanage(Scene.WWW);
        scene.time.advance(Scene.UNTIL_DUE);
        CertificateManager running = scene.manager(listening().manage(scene.www()));

        try (Lease lock = scene.store
                .lease(LeaseNames.certificate(Scene.WWW), Duration.ZERO)
                .orElseThrow()) {
            running.start();
            await(ManagerEvent.BecameActive.class, "");
        }
        running.issue(scene.wanted("other.example.test").build());

        await(ManagerEvent.Renewed.class, Scene.WWW);
        assertThat(scene.record(Scene.WWW).unmanaged()).isFalse();
    }

    @Test
    void aDeploymentThatFailsMeanwhileIsNoAlarm() throws Exception {
        List<String> tried = new CopyOnWriteArrayList<>();
        scene.manager().issue(scene.www());
        CertificateManager manager = scene.manager(listening().deployment("reload", certificate -> {
            tried.add(certificate.name());
            if (tried.size() == 3) {
                scene.manager().unmanage(Scene.WWW);
            }
            throw new IOException("no route to host");
        }));

        for (int i = 0; i < 3; i++) {
            manager.deployOwed();
            scene.time.advance(Duration.ofMinutes(10));
        }
        manager.close();

        assertThat(tried).hasSize(3);
        assertThat(events).noneMatch(ManagerEvent.Alarm.class::isInstance);
    }

    /** Stops managing when a lock is taken, as another process does that comes a moment earlier. */
    private CertificateStore forgetsFirst() {
        AtomicBoolean isFirst = new AtomicBoolean(true);
        return TestStores.beforeLease("certificate/", scene.store, arguments -> {
            if (isFirst.getAndSet(false)) {
                scene.manager().unmanage(Scene.WWW);
            }
        });
    }

    @Test
    void aRunFindsWhatAnotherProcessForgotMeanwhileCurrent() throws Exception {
        scene.manager().issue(scene.www());
        scene.time.advance(Scene.UNTIL_DUE.multipliedBy(3));

        CertificateManager manager = scene.manager(
                scene.configured(forgetsFirst()).renewalInfo(false).listener(events::add));
        List<Outcome> outcomes = manager.renewDue();
        manager.close();

        assertThat(outcomes)
                .singleElement()
                .isInstanceOfSatisfying(
                        Outcome.Current.class,
                        current -> assertThat(current.until()).isEqualTo(scene.time.instant()));
        assertThat(events).isEmpty();
    }

    private boolean revokeCompromised(CertificateManager manager) throws IOException {
        return manager.revoke(
                Scene.leaf(scene.stored(Scene.WWW)),
                null,
                Ca.of(scene.ca.directoryUrl()),
                RevocationReason.KEY_COMPROMISE);
    }

    @Test
    void aCompromisedKeyDoesNotUndoWhatAnotherProcessForgetsMeanwhile() throws Exception {
        scene.manager().issue(scene.www());

        revokeCompromised(scene.manager(TestStores.before(
                "markCompromised", scene.store, arguments -> scene.manager().unmanage(Scene.WWW))));

        assertThat(scene.record(Scene.WWW).unmanaged()).isTrue();
        assertThat(scene.record(Scene.WWW).origin().keyCompromised()).isTrue();
    }

    @Test
    void aCompromisedKeyIsMarkedThoughAnotherProcessWorksOnItsCertificate() throws Exception {
        scene.manager().issue(scene.www());
        CertificateManager manager = scene.manager(TestStores.impatient(scene.store));

        try (Lease lock = scene.store
                .lease(LeaseNames.certificate(Scene.WWW), Duration.ZERO)
                .orElseThrow()) {
            assertThat(revokeCompromised(manager)).isTrue();
            assertThat(lock.isHeld()).isTrue();
        }

        assertThat(scene.record(Scene.WWW).origin().keyCompromised()).isTrue();
    }

    @Test
    void whatCouldNotBeMarkedIsMarkedTheNextTime() throws Exception {
        scene.manager().issue(scene.www());
        CertificateStore failing = TestStores.before("markCompromised", scene.store, arguments -> {
            throw new IOException("the disk is full");
        });

        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(() -> revokeCompromised(scene.manager(failing)))
                .withMessageContainingAll("revoked", "once more", "the disk is full");
        assertThat(scene.record(Scene.WWW).origin().keyCompromised()).isFalse();

        assertThat(revokeCompromised(scene.manager())).isFalse();
        assertThat(scene.record(Scene.WWW).origin().keyCompromised()).isTrue();
    }
}
