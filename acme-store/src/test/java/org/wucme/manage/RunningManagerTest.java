package org.wucme.manage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.wucme.acme.Ca;
import org.wucme.acme.Deadline;
import org.wucme.acme.ExternalAccount;
import org.wucme.acme.pki.KeyType;
import org.wucme.store.CertificateStore;
import org.wucme.store.LeaseNames;
import org.wucme.store.RecordBuilder;
import org.wucme.store.TestWrites;
import org.wucme.testing.ca.Endpoint;
import org.wucme.testing.ca.Fault;
import org.wucme.testing.ca.TestCa;

/** A manager that runs until it is closed. */
@Timeout(120)
class RunningManagerTest {

    @TempDir
    Path folder;

    private final BlockingQueue<ManagerEvent> events = new LinkedBlockingQueue<>();
    private Scene scene;

    @BeforeEach
    void open() throws IOException {
        scene = new Scene(folder);
    }

    @AfterEach
    void close() throws Exception {
        scene.close();
    }

    @Test
    void fromNothingItRegistersAndObtainsWhatIsMissing() throws Exception {
        start(configured().manage("www.example.test", "example.test").contact("mailto:a@example.test"));

        await(ManagerEvent.BecameActive.class);
        ManagerEvent.AccountRegistered registered = await(ManagerEvent.AccountRegistered.class);
        ManagerEvent.Obtained obtained = await(ManagerEvent.Obtained.class);

        assertThat(scene.ca.accounts()).hasSize(1);
        assertThat(scene.ca.accounts().get(0).contact()).containsExactly("mailto:a@example.test");
        assertThat(scene.store
                        .loadAccount(registered.directoryUrl())
                        .orElseThrow()
                        .accountUrl())
                .isEqualTo(registered.accountUrl());
        assertThat(Scene.leaf(obtained.certificate())).isEqualTo(Scene.leaf(scene.stored(Scene.WWW)));
    }

    @Test
    void afterARestartItRenewsWhatIsDueAndLeavesWhatIsCurrent() throws Exception {
        scene.register();
        scene.manager().issue(scene.www());
        scene.time.advance(Scene.UNTIL_DUE);
        scene.manager().issue(scene.wanted("young.test").build());
        X509Certificate young = Scene.leaf(scene.stored("YOUNG_TEST"));

        start(configured().manage("www.example.test").manage("young.test"));

        assertThat(await(ManagerEvent.Renewed.class).certificate().name()).isEqualTo(Scene.WWW);
        assertThat(Scene.leaf(scene.stored("YOUNG_TEST"))).isEqualTo(young);
        assertThat(scene.ca.orders()).hasSize(3);
        assertThat(scene.ca.accounts()).hasSize(1);
    }

    @Test
    void whatHasOtherNamesThanWantedIsObtainedAnew() throws Exception {
        scene.register();
        scene.manager().issue(scene.www());

        start(configured().manage("www.example.test", "more.example.test"));

        await(ManagerEvent.Renewed.class);
        assertThat(scene.stored(Scene.WWW).identifiers()).hasSize(2);
    }

    @Test
    void settingsThatDifferAreStoredAtOnceAndTakeEffectAtTheNextRenewal() throws Exception {
        scene.register();
        scene.manager().issue(scene.www());
        scene.time.advance(Scene.UNTIL_DUE);

        start(configured()
                .manage(scene.www().toBuilder()
                        .keyType(KeyType.RSA_2048)
                        .profile("classic")
                        .build()));

        ManagerEvent.Renewed renewed = await(ManagerEvent.Renewed.class);
        assertThat(Scene.leaf(renewed.certificate()).getPublicKey().getAlgorithm())
                .isEqualTo("RSA");
        assertThat(scene.record(Scene.WWW).spec().keyType()).isEqualTo(KeyType.RSA_2048);
        assertThat(scene.record(Scene.WWW).spec().profile()).isEqualTo("classic");
    }

    @Test
    void whatARequestDoesNotSayStaysAsItIsStored() throws Exception {
        scene.register();
        scene.manager().issue(scene.www().toBuilder().keyType(KeyType.EC_P384).build());
        CountDownLatch listed = new CountDownLatch(2);

        start(configured(TestStores.before("list", scene.store, arguments -> listed.countDown()))
                .manage("www.example.test"));

        listed.await();
        assertThat(scene.record(Scene.WWW).spec().keyType()).isEqualTo(KeyType.EC_P384);
        assertThat(scene.ca.orders()).hasSize(1);
    }

    @Test
    void aFailureIsToldAndWrittenDownAndHoldsUpNoOther() throws Exception {
        scene.ca.block("bad.test");

        start(configured().manage("bad.test").manage("good.test"));

        ManagerEvent.Failed failed = await(ManagerEvent.Failed.class);
        await(ManagerEvent.Obtained.class);
        assertThat(failed.name()).isEqualTo("BAD_TEST");
        assertThat(scene.record("BAD_TEST").attempts().failures()).isOne();
        assertThat(scene.record("BAD_TEST").attempts().nextAttempt()).isEqualTo(failed.nextAttempt());
        assertThat(scene.stored("GOOD_TEST").chain()).isNotNull();
    }

    @Test
    void anErrorIsAFailureThatIsHeldBackAsAnyOtherAndTroubleToo() throws Exception {
        scene.solver.before(() -> {
            throw new NoClassDefFoundError("org/example/Gone");
        });
        Semaphore looks = new Semaphore(0);
        CertificateManager manager =
                start(configured(TestStores.before("list", scene.store, arguments -> looks.release()))
                        .manage("www.example.test"));

        assertThat(await(ManagerEvent.Trouble.class).cause()).isInstanceOf(NoClassDefFoundError.class);
        assertThat(await(ManagerEvent.Failed.class).cause()).hasMessageContaining("NoClassDefFoundError");
        assertThat(scene.record(Scene.WWW).attempts().failures()).isOne();
        assertThat(scene.record(Scene.WWW).attempts().lastProblem())
                .contains("NoClassDefFoundError", "org/example/Gone");
        jump(manager, looks, Duration.ZERO);
        assertThat(scene.solver.presented()).isEmpty();
        assertThat(scene.ca.orders()).hasSize(1);

        scene.solver.before(() -> {});
        jump(manager, looks, Duration.ofMinutes(1));
        await(ManagerEvent.Obtained.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"list", "lease"})
    void anErrorInThePlannerIsTroubleAndNotTheEnd(String method) throws Exception {
        Semaphore calls = new Semaphore(0);
        CertificateManager manager = start(configured(TestStores.before(method, scene.store, arguments -> {
            calls.release();
            throw new StackOverflowError("too deep");
        })));
        assertThat(await(ManagerEvent.Trouble.class).cause()).isInstanceOf(StackOverflowError.class);
        calls.drainPermits();

        manager.lookAgain();

        assertThat(calls.tryAcquire(60, TimeUnit.SECONDS)).isTrue();
        assertThat(await(ManagerEvent.Trouble.class).cause()).isInstanceOf(StackOverflowError.class);
    }

    @Test
    void aFailureThatCannotBeWrittenDownIsHeldBackToo() throws Exception {
        AtomicBoolean isBroken = new AtomicBoolean();
        AtomicInteger attempts = new AtomicInteger();
        Semaphore looks = new Semaphore(0);
        CertificateStore locking =
                TestStores.beforeLease("certificate/", scene.store, arguments -> attempts.incrementAndGet());
        CertificateStore breaking = TestStores.before("load", locking, arguments -> {
            if (isBroken.get()) {
                throw new IOException("the disk is gone");
            }
        });
        CertificateManager manager = start(configured(TestStores.before("list", breaking, arguments -> looks.release()))
                .manage("www.example.test"));
        await(ManagerEvent.Obtained.class);
        int before = attempts.get();
        isBroken.set(true);

        jump(manager, looks, Scene.UNTIL_DUE);

        assertThat(await(ManagerEvent.Trouble.class).cause()).hasMessage("the disk is gone");
        jump(manager, looks, Duration.ZERO);
        assertThat(attempts.get()).isEqualTo(before + 1);
    }

    @Test
    void aHumanHasWhatIsHeldBackTriedAtOnceAndARestartDoesNot() throws Exception {
        Semaphore looks = new Semaphore(0);
        CertificateStore store = TestStores.before("list", scene.store, arguments -> looks.release());
        scene.ca.fault(Endpoint.NEW_ORDER, Fault.problem(400, "rejectedIdentifier", "never"), 1);
        CertificateManager first = start(configured(store).manage("www.example.test"));
        await(ManagerEvent.Alarm.class);
        first.close();
        CertificateManager manager = start(configured(store).manage("www.example.test"));
        jump(manager, looks, Duration.ofHours(23));
        assertThat(scene.record(Scene.WWW).attempts().failures()).isOne();

        manager.retryNow();

        await(ManagerEvent.Obtained.class);
    }

    @Test
    void whatAnotherProcessReleasesIsTriedAtTheNextLook() throws Exception {
        Semaphore looks = new Semaphore(0);
        scene.ca.fault(Endpoint.NEW_ORDER, Fault.problem(400, "rejectedIdentifier", "never"), 1);
        CertificateManager manager =
                start(configured(TestStores.before("list", scene.store, arguments -> looks.release()))
                        .manage("www.example.test"));
        await(ManagerEvent.Alarm.class);
        jump(manager, looks, Duration.ofHours(1));
        assertThat(scene.record(Scene.WWW).attempts().failures()).isOne();

        scene.manager().retryNow();
        manager.lookAgain();

        await(ManagerEvent.Obtained.class);
    }

    @Test
    void aHumanCannotHaveANameTriedMoreOftenThanTheCaLetsItFail() throws Exception {
        Semaphore looks = new Semaphore(0);
        Instant lately = scene.time.instant().minusSeconds(1);
        TestWrites.saveRecord(
                scene.store,
                Scene.WWW,
                RecordBuilder.of(scene.www())
                        .failures(5)
                        .failedAuthorizations(Collections.nCopies(5, lately))
                        .nextAttempt(scene.time.instant().plus(Duration.ofDays(1)))
                        .build());
        CertificateManager manager =
                start(configured(TestStores.before("list", scene.store, arguments -> looks.release()))
                        .manage("www.example.test"));

        manager.retryNow();

        jump(manager, looks, Duration.ofMinutes(59));
        assertThat(scene.record(Scene.WWW).attempts().nextAttempt()).isNull();
        assertThat(scene.ca.orders()).isEmpty();
        jump(manager, looks, Duration.ofMinutes(1));
        await(ManagerEvent.Obtained.class);
    }

    @Test
    void aListenerThatThrowsAndOneThatBlocksHurtNobody() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        start(configured()
                .listener(event -> {
                    throw new IllegalStateException("a listener with a mistake");
                })
                .listener(event -> {
                    throw new StackOverflowError("one with a worse one");
                })
                .listener(event -> awaitQuietly(never))
                .manage("www.example.test"));

        await(ManagerEvent.Obtained.class);
        never.countDown();
    }

    @Test
    void closingWaitsForASlowListenerWhichIsToldAll() throws Exception {
        scene.register();
        CountDownLatch closing = new CountDownLatch(1);
        CertificateManager manager = scene.manager(scene.configured(scene.store).listener(event -> {
            awaitQuietly(closing);
            events.add(event);
        }));
        manager.issue(scene.www());

        CompletableFuture<Void> close = CompletableFuture.runAsync(manager::close);
        assertThatThrownBy(() -> close.get(100, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
        closing.countDown();
        close.get(60, TimeUnit.SECONDS);

        await(ManagerEvent.Obtained.class);
    }

    @Test
    void aListenerMayCloseItsManager() throws Exception {
        scene.register();
        CompletableFuture<CertificateManager> self = new CompletableFuture<>();
        CountDownLatch closed = new CountDownLatch(1);
        CertificateManager manager = scene.manager(configured().listener(event -> {
            self.join().close();
            closed.countDown();
        }));
        self.complete(manager);

        manager.issue(scene.www());

        assertThat(closed.await(60, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aListenerDoesNotWaitForItself() throws Exception {
        CompletableFuture<Listener> self = new CompletableFuture<>();
        CountDownLatch ended = new CountDownLatch(1);
        try (Listener listener = new Listener(event -> {
            self.join().close();
            self.join().awaitEnd(Deadline.after(Duration.ofHours(1)));
            ended.countDown();
        })) {
            self.complete(listener);

            listener.accept(new ManagerEvent.BecameActive());

            assertThat(ended.await(60, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void aListenerThatIsTooSlowLosesEventsAndSaysHowMany() throws Exception {
        ManagerEvent event = new ManagerEvent.BecameActive();
        CountDownLatch blocked = new CountDownLatch(1);
        CountDownLatch begun = new CountDownLatch(1);
        try (Listener listener = new Listener(told -> {
            begun.countDown();
            awaitQuietly(blocked);
            events.add(told);
        })) {
            listener.accept(event);
            begun.await();
            for (int i = 0; i < Listener.MOST_WAITING + 7; i++) {
                listener.accept(event);
            }
            blocked.countDown();
            for (int i = 0; i <= Listener.MOST_WAITING; i++) {
                assertThat(events.poll(60, TimeUnit.SECONDS)).isEqualTo(event);
            }
            listener.accept(new ManagerEvent.AccountRegistered("directory", "account"));
            listener.accept(event);
            assertThat(events.poll(60, TimeUnit.SECONDS)).isEqualTo(new ManagerEvent.EventsLost(7));
            assertThat(events.poll(60, TimeUnit.SECONDS)).isInstanceOf(ManagerEvent.AccountRegistered.class);
            assertThat(events.poll(60, TimeUnit.SECONDS)).isEqualTo(event);
        }
    }

    @Test
    void aStoreThatCannotBeReadIsTroubleAndNotTheEnd() throws Exception {
        start(scene.configured(TestStores.before("list", scene.store, arguments -> {
                    throw new IOException("the disk is gone");
                }))
                .listener(events::add));

        assertThat(await(ManagerEvent.Trouble.class).cause()).hasMessage("the disk is gone");
    }

    @Test
    void oneManagerIsActiveAndAnotherTakesOverWhenItEnds() throws Exception {
        CertificateManager first = start(configured());
        await(ManagerEvent.BecameActive.class);
        start(configured().manage("www.example.test"));
        assertThat(await(ManagerEvent.BecameStandby.class).owner().pid())
                .isEqualTo(ProcessHandle.current().pid());
        assertThat(scene.ca.orders()).isEmpty();

        first.close();

        await(ManagerEvent.BecameActive.class);
        await(ManagerEvent.Obtained.class);
    }

    @Test
    void whoStandsByDoesNotGlanceAtTheCertificates() throws Exception {
        start(configured());
        await(ManagerEvent.BecameActive.class);
        Semaphore tries = new Semaphore(0);
        AtomicInteger glances = new AtomicInteger();
        CertificateStore counting = TestStores.before("versions", scene.store, arguments -> glances.incrementAndGet());
        start(configured(TestStores.beforeLease(LeaseNames.ACTIVE, counting, arguments -> tries.release())));
        await(ManagerEvent.BecameStandby.class);
        tries.drainPermits();

        assertThat(tries.tryAcquire(2, 60, TimeUnit.SECONDS)).isTrue();

        assertThat(glances).hasValue(0);
    }

    @Test
    void oneThatIsAlwaysActiveDoesNotWait() throws Exception {
        start(configured());
        await(ManagerEvent.BecameActive.class);

        start(configured().alwaysActive().manage("www.example.test"));

        await(ManagerEvent.Obtained.class);
    }

    @Test
    void anotherStandsByWhileOneIsAlwaysActive() throws Exception {
        start(configured().alwaysActive());
        await(ManagerEvent.BecameActive.class);

        start(configured());

        await(ManagerEvent.BecameStandby.class);
    }

    @Test
    void oneThatIsAlwaysActiveNeedsNoLock() throws Exception {
        start(scene.configured(TestStores.beforeLease(LeaseNames.ACTIVE, scene.store, arguments -> {
                    throw new IOException("no locks here");
                }))
                .listener(events::add)
                .alwaysActive());

        await(ManagerEvent.BecameActive.class);
    }

    @Test
    void closingEndsWhatIsInProgressAndTheNextManagerGoesOn() throws Exception {
        CountDownLatch presenting = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        scene.solver.before(() -> {
            presenting.countDown();
            awaitInterruptibly(never);
        });
        CertificateManager manager = start(configured().manage("www.example.test"));
        presenting.await();

        long begun = System.nanoTime();
        manager.close();

        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(10));
        assertThat(scene.record(Scene.WWW).attempts().pendingOrder()).isNotNull();
        assertThat(scene.record(Scene.WWW).attempts().failures()).isZero();
        scene.solver.before(() -> {});
        start(configured().manage("www.example.test"));
        await(ManagerEvent.Obtained.class);
        assertThat(scene.ca.orders()).hasSize(1);
    }

    @Test
    void closingEndsARequestThatTheCaDoesNotAnswerAndTheNextManagerGoesOn() throws Exception {
        CountDownLatch ordered = new CountDownLatch(1);
        CertificateManager manager =
                start(configured().manage("www.example.test").progress(step -> {
                    scene.ca.latency(Duration.ofSeconds(30));
                    ordered.countDown();
                }));
        ordered.await();

        long begun = System.nanoTime();
        manager.close();

        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(5));
        assertThat(scene.record(Scene.WWW).attempts().failures()).isZero();
        scene.ca.latency(Duration.ZERO);
        start(configured().manage("www.example.test"));
        await(ManagerEvent.Obtained.class);
        assertThat(scene.ca.orders()).hasSize(1);
    }

    @Test
    void whenTheClockJumpsWhatIsDueIsRenewedAndNothingTwice() throws Exception {
        Semaphore looks = new Semaphore(0);
        CertificateManager manager =
                start(configured(TestStores.before("list", scene.store, arguments -> looks.release()))
                        .manage("www.example.test"));
        await(ManagerEvent.Obtained.class);

        jump(manager, looks, Duration.ofHours(5));
        jump(manager, looks, Duration.ofHours(-7));
        jump(manager, looks, Scene.UNTIL_DUE);
        await(ManagerEvent.Renewed.class);
        jump(manager, looks, Duration.ofHours(-5));
        jump(manager, looks, Scene.UNTIL_DUE.negated());
        jump(manager, looks, Scene.UNTIL_DUE.plusHours(10));
        assertThat(scene.ca.orders()).hasSize(2);
        jump(manager, looks, Scene.UNTIL_DUE);
        await(ManagerEvent.Renewed.class);

        jump(manager, looks, Duration.ofHours(-12));
        manager.close();
        assertThat(scene.ca.orders()).hasSize(3);
        assertThat(events).noneMatch(event -> event instanceof ManagerEvent.Failed);
    }

    // The second look comes after what the first began was handed over.
    private void jump(CertificateManager manager, Semaphore looks, Duration by) throws InterruptedException {
        scene.time.advance(by);
        for (int i = 0; i < 2; i++) {
            looks.drainPermits();
            manager.lookAgain();
            assertThat(looks.tryAcquire(60, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void anAccountIsBoundToTheOneThatTheCaKnows() throws Exception {
        ExternalAccount known = ExternalAccount.of("kid-1", "c2VjcmV0IHNlY3JldCBzZWNyZXQgc2VjcmV0IHNlY3JldA");
        try (TestCa binding = TestCa.builder()
                .clock(scene.time)
                .keysOf(scene.ca)
                .externalAccount("kid-1", "c2VjcmV0IHNlY3JldCBzZWNyZXQgc2VjcmV0IHNlY3JldA")
                .start()
                .alwaysValid(true)) {
            Ca ca = Ca.of(binding.directoryUrl());
            start(configured().ca(ca).manage("unbound.example.test"));
            assertThat(await(ManagerEvent.Alarm.class).reason()).isEqualTo(ManagerEvent.Reason.PERMANENT_PROBLEM);
            assertThat(binding.accounts()).isEmpty();

            start(configured().alwaysActive().ca(ca).externalAccount(ca, known).manage("www.example.test"));

            await(ManagerEvent.Obtained.class);
            assertThat(binding.accounts()).hasSize(1);
        }
    }

    @Test
    void whatAnotherProcessStoresIsSeenWithinSecondsEvenIfNothingIsDeployed() throws Exception {
        scene.register();
        Semaphore glances = new Semaphore(0);
        start(configured(TestStores.before("versions", scene.store, arguments -> glances.release())));
        // The second comes after the first look at all.
        glances.acquire(2);

        Instant now = scene.time.instant();
        scene.putForeign(
                "OLD",
                new HeldCertificate.Builder()
                        .addSubjectAlternativeName("old.example.test")
                        .validityInterval(
                                now.minus(Duration.ofDays(80)).toEpochMilli(),
                                now.plus(Duration.ofDays(10)).toEpochMilli())
                        .build());

        assertThat(await(ManagerEvent.Renewed.class).certificate().name()).isEqualTo("OLD");
    }

    @Test
    void itIsStartedOnce() throws Exception {
        CertificateManager manager = start(configured());

        assertThatThrownBy(manager::start).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void anAlarmForTheSameReasonIsGivenOnceADay() {
        Alarms alarms = new Alarms(events::add, scene.store, scene.time);
        ManagerEvent alarm = new ManagerEvent.Alarm("A", ManagerEvent.Reason.NEEDS_HELP, "help");

        alarms.accept(alarm);
        alarms.accept(alarm);
        alarms.accept(new ManagerEvent.Alarm("B", ManagerEvent.Reason.NEEDS_HELP, "help"));
        scene.time.advance(Duration.ofDays(1));
        alarms.accept(alarm);

        assertThat(events).hasSize(3);
    }

    @Test
    void whatNeedsAHumanOrExpiresSoonIsAnAlarm() throws Exception {
        scene.register();
        scene.manager().issue(scene.www());
        scene.time.advance(Duration.ofDays(88));
        scene.ca.fault(Endpoint.NEW_ORDER, Fault.problem(400, "rejectedIdentifier", "never"), 2);

        start(configured());

        ManagerEvent.Alarm first = await(ManagerEvent.Alarm.class);
        ManagerEvent.Alarm second = await(ManagerEvent.Alarm.class);
        assertThat(List.of(first.reason(), second.reason()))
                .containsExactly(ManagerEvent.Reason.PERMANENT_PROBLEM, ManagerEvent.Reason.EXPIRES_SOON);
    }

    @Test
    void whatHasExpiredIsAnAlarmOnlyIfItCannotBeRenewedAtOnce() throws Exception {
        scene.register();
        CertificateManager issuing = scene.manager();
        issuing.issue(scene.www());
        issuing.issue(scene.wanted("bad.test").build());
        scene.time.advance(Duration.ofDays(91));
        scene.ca.block("bad.test");

        start(configured());

        ManagerEvent.Alarm refused = await(ManagerEvent.Alarm.class);
        ManagerEvent.Alarm alarm = await(ManagerEvent.Alarm.class);
        assertThat(List.of(refused.name(), alarm.name())).containsOnly("BAD_TEST");
        assertThat(alarm.reason()).isEqualTo(ManagerEvent.Reason.EXPIRED);
        assertThat(alarm.message()).startsWith("it ended at ").contains("bad.test");
    }

    private CertificateManager.Builder configured() {
        return configured(scene.store);
    }

    private CertificateManager.Builder configured(CertificateStore store) {
        return scene.configured(store)
                .renewalInfo(false)
                .ca(Ca.of(scene.ca.directoryUrl()))
                .agreeToTerms()
                .listener(events::add);
    }

    private CertificateManager start(CertificateManager.Builder builder) throws IOException {
        return scene.manager(builder).start();
    }

    private <T extends ManagerEvent> T await(Class<T> type) throws InterruptedException {
        while (true) {
            ManagerEvent event = events.poll(60, TimeUnit.SECONDS);
            if (type.isInstance(Objects.requireNonNull(event, () -> "no " + type.getSimpleName()))) {
                return type.cast(event);
            }
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void awaitInterruptibly(CountDownLatch latch) throws IOException {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("closed");
        }
    }
}
