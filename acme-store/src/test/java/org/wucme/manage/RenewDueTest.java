package org.wucme.manage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wucme.acme.AcmeRateLimitException;
import org.wucme.acme.pki.KeyType;
import org.wucme.store.CertificateSpec;
import org.wucme.store.LeaseNames;
import org.wucme.store.RecordBuilder;
import org.wucme.store.RenewalRecord;
import org.wucme.store.StoredCertificate;
import org.wucme.store.TestWrites;
import org.wucme.testing.ca.Endpoint;
import org.wucme.testing.ca.Fault;

class RenewDueTest {

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

    @Test
    void anEmptyStoreNeedsNothing() throws IOException {
        assertThat(scene.manager().renewDue()).isEmpty();
    }

    @Test
    void onlyWhatIsDueIsRenewed() throws IOException {
        issue("old.test");
        scene.time.advance(Duration.ofDays(30));
        issue("young.test");
        X509Certificate old = leaf("OLD_TEST");
        X509Certificate young = leaf("YOUNG_TEST");
        scene.time.advance(Duration.ofDays(31));

        List<Outcome> outcomes = scene.manager().renewDue();

        assertThat(outcomes).hasSize(2);
        assertThat(outcomes.get(0)).isInstanceOf(Outcome.Obtained.class);
        assertThat(outcomes.get(1))
                .isEqualTo(new Outcome.Current(outcomes.get(1).certificate(), RenewalDecision.dueAt(young)));
        assertThat(leaf("OLD_TEST")).isNotEqualTo(old);
        assertThat(leaf("YOUNG_TEST")).isEqualTo(young);
        assertThat(scene.record("OLD_TEST").spec().identifiers()).isEqualTo(Scene.identifiers("old.test"));
    }

    @Test
    void whenNothingIsDueTheCaIsNotAsked() throws IOException {
        issue("www.example.test");
        scene.ca.clearLog();

        assertThat(scene.manager().renewDue()).hasOnlyElementsOfType(Outcome.Current.class);

        assertThat(scene.ca.count()).isZero();
    }

    @Test
    void anErrorWhileTheCaIsAskedWhenToRenewIsTroubleAndNoFailure() throws Exception {
        issue("www.example.test");
        scene.time.advance(Duration.ofDays(1));
        List<ManagerEvent> events = new CopyOnWriteArrayList<>();

        try (CertificateManager manager = scene.configured(scene.store)
                .connect(ca -> {
                    throw new NoClassDefFoundError("org/example/Gone");
                })
                .listener(events::add)
                .build()) {
            assertThat(manager.renewDue()).hasOnlyElementsOfType(Outcome.Current.class);
        }

        assertThat(events)
                .singleElement()
                .isInstanceOfSatisfying(
                        ManagerEvent.Trouble.class,
                        trouble -> assertThat(trouble.cause()).isInstanceOf(NoClassDefFoundError.class));
    }

    @Test
    void aRenewalKeepsProfileChallengeAndKindOfKey() throws IOException {
        CertificateSpec wanted = scene.www().toBuilder()
                .profile("classic")
                .challengeType("http-01")
                .keyType(KeyType.EC_P384)
                .build();
        scene.manager().issue(wanted);
        RenewalRecord before = scene.record(Scene.WWW);
        scene.time.advance(Scene.UNTIL_DUE);

        scene.manager().renewDue();

        assertThat(scene.ca.certificates()).hasSize(2);
        assertThat(scene.record(Scene.WWW))
                .isEqualTo(RecordBuilder.of(before)
                        .obtained(scene.record(Scene.WWW).origin().obtained())
                        .build());
        assertThat(scene.record(Scene.WWW).origin().obtained())
                .isAfter(Objects.requireNonNull(before.origin().obtained()).plus(Scene.UNTIL_DUE));
    }

    @Test
    void whatEndsSoonAndIsNotRenewedIsAnAlarmAndWhatIsRenewedIsNone() throws Exception {
        issue("a.test", "bad.test");
        scene.time.advance(Duration.ofDays(88));
        scene.ca.block("bad.test");
        List<ManagerEvent> events = new CopyOnWriteArrayList<>();

        try (CertificateManager manager = scene.configured(scene.store)
                .renewalInfo(false)
                .listener(events::add)
                .build()) {
            manager.renewDue();
        }

        assertThat(events)
                .filteredOn(ManagerEvent.Alarm.class::isInstance)
                .extracting(event -> ((ManagerEvent.Alarm) event))
                .filteredOn(alarm -> alarm.reason() == ManagerEvent.Reason.EXPIRES_SOON)
                .singleElement()
                .satisfies(alarm -> {
                    assertThat(alarm.name()).isEqualTo("BAD_TEST");
                    assertThat(alarm.message()).startsWith("it ends at ").contains("bad.test");
                });
        assertThat(events).hasAtLeastOneElementOfType(ManagerEvent.Renewed.class);
    }

    @Test
    void whatCannotBeReadIsAnAlarmToo() throws Exception {
        Files.writeString(folder.resolve("WUCME_C_A_TEST.PEM"), "frob");
        List<ManagerEvent> events = new CopyOnWriteArrayList<>();

        try (CertificateManager manager =
                scene.configured(scene.store).listener(events::add).build()) {
            manager.renewDue();
        }

        assertThat(events)
                .singleElement()
                .isInstanceOfSatisfying(
                        ManagerEvent.Alarm.class,
                        alarm -> assertThat(alarm.reason()).isEqualTo(ManagerEvent.Reason.NEEDS_HELP));
    }

    @Test
    void oneFailureDoesNotKeepTheOthersFromBeingRenewed() throws IOException {
        issue("a.test", "bad.test", "c.test");
        scene.time.advance(Scene.UNTIL_DUE);
        scene.ca.block("bad.test");

        List<Outcome> outcomes = scene.manager().renewDue();

        assertThat(outcomes)
                .extracting(outcome -> (Object) outcome.getClass())
                .containsExactly(Outcome.Obtained.class, Outcome.Failed.class, Outcome.Obtained.class);
        assertThat(scene.record("BAD_TEST").attempts().lastProblem()).contains("bad.test");
    }

    @Test
    void aProfileThatTheCaNoLongerHasIsAFailureOfThatCertificateAlone() throws IOException {
        issue("a.test", "b.test");
        TestWrites.saveRecord(
                scene.store,
                "A_TEST",
                RecordBuilder.of(scene.record("A_TEST")).profile("gone").build());
        scene.time.advance(Scene.UNTIL_DUE);

        List<Outcome> outcomes = scene.manager().renewDue();

        assertThat(outcomes.get(0))
                .isInstanceOfSatisfying(
                        Outcome.Failed.class,
                        failed -> assertThat(failed.cause()).hasMessageContaining("gone"));
        assertThat(outcomes.get(1)).isInstanceOf(Outcome.Obtained.class);
        assertThat(scene.record("A_TEST").attempts().lastProblem()).contains("gone");
        assertThat(scene.record("A_TEST").attempts().failures()).isOne();
    }

    @Test
    void failuresAreTriedAgainAfterOneTenAndAHundredMinutesAndThenDaily() throws IOException {
        issue("www.example.test");
        X509Certificate served = leaf(Scene.WWW);
        scene.time.advance(Scene.UNTIL_DUE);
        List<Duration> delays = List.of(
                Duration.ofMinutes(1),
                Duration.ofMinutes(10),
                Duration.ofMinutes(100),
                Duration.ofDays(1),
                Duration.ofDays(1));
        // Each is asked for twice: what a CA refuses as a replacement it may grant otherwise.
        scene.ca.fault(Endpoint.NEW_ORDER, Fault.problem(403, "unauthorized", "not today"), 2 * delays.size());

        for (int i = 0; i < delays.size(); i++) {
            Outcome outcome = scene.manager().renewDue().get(0);

            Instant next = scene.time.instant().plus(delays.get(i));
            assertThat(outcome).isInstanceOfSatisfying(Outcome.Failed.class, failed -> {
                assertThat(failed.nextAttempt()).isEqualTo(next);
                assertThat(failed.cause()).hasMessageContaining("not today");
            });
            assertThat(scene.record(Scene.WWW).attempts().failures()).isEqualTo(i + 1);
            assertThat(scene.record(Scene.WWW).attempts().nextAttempt()).isEqualTo(next);
            assertThat(leaf(Scene.WWW)).isEqualTo(served);
            assertIsHeldBackUntil(next);
            scene.time.advance(delays.get(i));
        }
        assertThat(scene.manager().renewDue().get(0)).isInstanceOf(Outcome.Obtained.class);
        assertThat(scene.record(Scene.WWW).attempts().failures()).isZero();
        assertThat(scene.record(Scene.WWW).attempts().lastProblem()).isNull();
        assertThat(scene.record(Scene.WWW).attempts().nextAttempt()).isNull();
    }

    @Test
    void aCaThatIsDownIsAFailureToo() throws IOException {
        issue("www.example.test");
        scene.time.advance(Scene.UNTIL_DUE);
        scene.ca.fault(Endpoint.DIRECTORY, Fault.status(500, "text/html", "<html>down</html>"), 100);

        assertThat(scene.manager().renewDue()).hasOnlyElementsOfType(Outcome.Failed.class);

        assertThat(scene.record(Scene.WWW).attempts().failures()).isOne();
        assertIsHeldBackUntil(scene.time.instant().plus(Duration.ofMinutes(1)));
    }

    @Test
    void theCaIsNotAskedAgainBeforeItWantsToBe() throws IOException {
        issue("www.example.test");
        scene.time.advance(Scene.UNTIL_DUE);
        scene.ca.fault(Endpoint.NEW_ORDER, Fault.problem(429, "rateLimited", "too many", "Retry-After", "172800"));

        Outcome outcome = scene.manager().renewDue().get(0);

        Instant next = scene.time.instant().plus(Duration.ofDays(2));
        assertThat(outcome).isInstanceOfSatisfying(Outcome.Failed.class, failed -> {
            assertThat(failed.cause()).isInstanceOf(AcmeRateLimitException.class);
            assertThat(failed.nextAttempt()).isEqualTo(next);
        });
        assertIsHeldBackUntil(next);
    }

    @Test
    void whatCannotBeReadNeedsHelpAndIsLeftAlone() throws IOException {
        issue("b.test");
        Path notes = Files.writeString(folder.resolve("WUCME_C_A_TEST.PEM"), "my notes");
        scene.time.advance(Scene.UNTIL_DUE);

        List<Outcome> outcomes = scene.manager().renewDue();

        assertThat(outcomes.get(0))
                .isInstanceOfSatisfying(
                        Outcome.NeedsHelp.class,
                        help -> assertThat(help.problem()).contains("WUCME_C_A_TEST.PEM"));
        assertThat(outcomes.get(1)).isInstanceOf(Outcome.Obtained.class);
        assertThat(notes).hasContent("my notes");
    }

    @Test
    void whatBecameUnreadableWhileItsLockWasWaitedForNeedsHelpToo() throws IOException {
        issue("a.test", "b.test");
        scene.time.advance(Scene.UNTIL_DUE);
        Path file = folder.resolve("WUCME_C_A_TEST.PEM");
        CertificateManager manager = scene.manager(
                TestStores.beforeLease("certificate/", scene.store, arguments -> Files.writeString(file, "my notes")));

        List<Outcome> outcomes = manager.renewDue();

        assertThat(outcomes.get(0)).isInstanceOf(Outcome.NeedsHelp.class);
        assertThat(outcomes.get(1)).isInstanceOf(Outcome.Obtained.class);
        assertThat(file).hasContent("my notes");
    }

    @Test
    void whatSomebodyElseRenewedWhileItsLockWasWaitedForIsLeft() throws IOException {
        issue("www.example.test");
        scene.time.advance(Scene.UNTIL_DUE);
        CertificateManager other = scene.manager();
        CertificateManager manager = scene.manager(
                TestStores.beforeLease("certificate/", scene.store, arguments -> other.issue(scene.www())));

        assertThat(manager.renewDue()).hasOnlyElementsOfType(Outcome.Current.class);

        assertThat(scene.ca.certificates()).hasSize(2);
    }

    @Test
    void whatSomebodyElseIsAtWorkOnIsAFailureThatHoldsNothingBack() throws IOException {
        issue("www.example.test");
        scene.time.advance(Scene.UNTIL_DUE);
        CertificateManager manager = scene.manager(TestStores.impatient(scene.store));

        Outcome outcome;
        try (var lock = scene.store
                .lease(LeaseNames.certificate(Scene.WWW), Duration.ZERO)
                .orElseThrow()) {
            assertThat(lock).isNotNull();
            outcome = manager.renewDue().get(0);
        }

        assertThat(outcome).isInstanceOfSatisfying(Outcome.Failed.class, failed -> {
            assertThat(failed.cause()).hasMessageContaining("another process");
            assertThat(failed.nextAttempt()).isNull();
        });
        assertThat(scene.record(Scene.WWW).attempts().failures()).isZero();
    }

    @Test
    void aCertificateThatWasNeverIssuedNeedsHelp() throws IOException {
        TestWrites.saveRecord(scene.store, Scene.WWW, RenewalRecord.of(scene.www()));

        assertThat(scene.manager().renewDue()).hasOnlyElementsOfType(Outcome.NeedsHelp.class);
    }

    @Test
    void aCertificateWithoutRecordIsRenewedForTheNamesInIt() throws IOException {
        issue(scene.wanted("www.example.test", "example.test").build());
        scene.forgetRecord(Scene.WWW);
        scene.time.advance(Scene.UNTIL_DUE);

        assertThat(scene.manager().renewDue()).hasOnlyElementsOfType(Outcome.Obtained.class);

        assertThat(scene.record(Scene.WWW).spec().directoryUrl()).isEqualTo(scene.ca.directoryUrl());
        assertThat(scene.record(Scene.WWW).spec().identifiers())
                .containsExactlyInAnyOrderElementsOf(Scene.identifiers("www.example.test", "example.test"));
    }

    @Test
    void aCertificateWithoutRecordIsRenewedWithTheKindOfKeyItHas() throws IOException {
        Instant now = scene.time.instant();
        HeldCertificate foreign = new HeldCertificate.Builder()
                .rsa2048()
                .addSubjectAlternativeName("old.example.test")
                .validityInterval(
                        now.minus(Duration.ofDays(80)).toEpochMilli(),
                        now.plus(Duration.ofDays(10)).toEpochMilli())
                .build();
        scene.putForeign("VERY_OLD", foreign);

        assertThat(scene.manager().renewDue()).hasOnlyElementsOfType(Outcome.Obtained.class);

        StoredCertificate renewed = scene.stored("VERY_OLD");
        assertThat(KeyType.like(Scene.leaf(renewed).getPublicKey())).contains(KeyType.RSA_2048);
        assertThat(renewed.identifiers()).isEqualTo(Set.copyOf(Scene.identifiers("old.example.test")));
    }

    @Test
    void anInterruptEndsTheRunAndIsNoFailure() throws IOException {
        issue("a.test", "b.test");
        scene.time.advance(Scene.UNTIL_DUE);
        scene.solver.before(() -> Thread.currentThread().interrupt());

        CertificateManager manager =
                scene.manager(scene.configured(scene.store).renewalInfo(false).atOnce(1));

        assertThatThrownBy(manager::renewDue).isInstanceOf(InterruptedIOException.class);

        assertThat(Thread.interrupted()).isTrue();
        assertThat(scene.record("A_TEST").attempts().failures()).isZero();
        assertThat(scene.record("B_TEST").attempts().pendingOrder()).isNull();
        assertThat(scene.ca.orders()).hasSize(3);
    }

    private void assertIsHeldBackUntil(Instant next) throws IOException {
        long requests = scene.ca.count();
        assertThat(scene.manager().renewDue().get(0))
                .isInstanceOfSatisfying(
                        Outcome.Current.class,
                        current -> assertThat(current.until()).isEqualTo(next));
        assertThat(scene.ca.count()).isEqualTo(requests);
    }

    private void issue(String... each) throws IOException {
        for (String name : each) {
            issue(scene.wanted(name).build());
        }
    }

    private void issue(CertificateSpec wanted) throws IOException {
        scene.manager().issue(wanted);
    }

    private X509Certificate leaf(String name) throws IOException {
        return Scene.leaf(scene.stored(name));
    }
}
