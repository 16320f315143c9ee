package org.wucme.manage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import okhttp3.tls.HeldCertificate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.wucme.acme.Ca;
import org.wucme.acme.challenge.Lease;
import org.wucme.acme.pki.Pem;
import org.wucme.store.CertificateStore;
import org.wucme.store.DeploymentFailure;
import org.wucme.store.LeaseNames;
import org.wucme.store.RecordBuilder;
import org.wucme.store.StoreException;
import org.wucme.store.StoredCertificate;
import org.wucme.store.TestWrites;
import org.wucme.store.file.FileStore;

/** What is to be done with a certificate once it is there. */
@Timeout(120)
@SuppressWarnings("NullAway.Init")
class DeploymentTest {

    @TempDir
    Path folder;

    private final BlockingQueue<ManagerEvent> events = new LinkedBlockingQueue<>();
    private final List<String> done = Collections.synchronizedList(new ArrayList<>());
    private volatile @Nullable IOException trouble;
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
    void theyAreCarriedOutInOrderWithWhatIsObtainedAndWithWhatIsRenewed() throws Exception {
        CertificateManager manager =
                scene.manager(configured().manage("www.example.test")).start();
        awaitDeployed("load");
        awaitDeployed("copy");
        String first = serial();
        assertThat(done).containsExactly("load " + first, "copy " + first);
        awaitNothingOwed();

        manager.reissue(scene.www());

        awaitDeployed("copy");
        String second = serial();
        assertThat(second).isNotEqualTo(first);
        assertThat(done).containsExactly("load " + first, "copy " + first, "load " + second, "copy " + second);
    }

    @Test
    void aCertificateThatWasCopiedIntoTheStoreWithoutRecordIsDeployedOnceLikeAnyOther() throws Exception {
        scene.manager().issue(scene.www());
        Files.delete(folder.resolve("WUCME_R_WWW_EXAMPLE_TEST.JSON"));

        CertificateManager manager = scene.manager(configured()).start();
        awaitDeployed("load");
        awaitDeployed("copy");
        awaitNothingOwed();
        manager.close();
        String first = serial();
        assertThat(scene.record(Scene.WWW).deployments().done()).containsExactlyInAnyOrder("load", "copy");
        scene.manager(configured()).deployOwed();
        assertThat(done).containsExactly("load " + first, "copy " + first);

        scene.time.advance(Scene.UNTIL_DUE);
        scene.manager(configured()).renewDue();
        assertThat(serial()).isNotEqualTo(first);
        assertThat(done).last().isEqualTo("copy " + serial());
    }

    @Test
    void aCopiedCertificateWhoseDeploymentFailsIsTriedAgainAfterAPause() throws Exception {
        scene.manager().issue(scene.www());
        Files.delete(folder.resolve("WUCME_R_WWW_EXAMPLE_TEST.JSON"));
        trouble = new IOException("no route to host");

        scene.manager(configured()).deployOwed();
        assertThat(done).isEmpty();
        assertThat(failure().failures()).isEqualTo(1);

        trouble = null;
        scene.time.advance(Duration.ofSeconds(10));
        scene.manager(configured()).deployOwed();
        assertThat(done).hasSize(2);
    }

    @Test
    void aCopiedCertificateThatHasExpiredIsNotDeployed() throws Exception {
        scene.manager().issue(scene.www());
        Files.delete(folder.resolve("WUCME_R_WWW_EXAMPLE_TEST.JSON"));
        scene.time.advance(Duration.ofDays(100));

        scene.manager(configured()).deployOwed();

        assertThat(done).isEmpty();
        assertThat(folder.resolve("WUCME_R_WWW_EXAMPLE_TEST.JSON")).doesNotExist();
    }

    @Test
    void whatIsOwedIsToldAndStoredTogetherWithTheCertificate() throws Exception {
        CertificateManager manager = scene.manager(configured());

        manager.issue(scene.www());

        assertThat(await(ManagerEvent.DeploymentOwed.class).deployments()).containsExactly("load", "copy");
        assertThat(owed()).containsExactly("load", "copy");
        assertThat(done).isEmpty();
    }

    @Test
    void afterACrashBetweenSavingAndDeployingTheNextManagerDeploys() throws Exception {
        scene.manager(configured()).issue(scene.www());

        assertThat(scene.manager(configured(FileStore.open(folder))).deployOwed())
                .isTrue();

        assertThat(done).containsExactly("load " + serial(), "copy " + serial());
        assertThat(owed()).isEmpty();
        assertThat(scene.manager(configured()).deployOwed()).isTrue();
        assertThat(done).hasSize(2);
    }

    @Test
    void afterACrashWhileDeployingThatOneIsCarriedOutAgain() throws Exception {
        scene.manager(configured()).issue(scene.www());
        CertificateManager crashing =
                scene.manager(configured(TestStores.before("saveDeployments", scene.store, arguments -> {
                    if (done.size() == 2) {
                        throw new AssertionError("crash");
                    }
                })));
        assertThatThrownBy(crashing::deployOwed).isInstanceOf(AssertionError.class);
        assertThat(owed()).containsExactly("copy");

        scene.manager(configured()).deployOwed();

        assertThat(done).containsExactly("load " + serial(), "copy " + serial(), "copy " + serial());
    }

    @Test
    void theFirstThatFailsKeepsTheLaterOnesWaitingAndIsTriedAgainAfterGrowingPauses() throws Exception {
        scene.manager(configured()).issue(scene.www());
        trouble = new IOException("no route to host");
        List<Duration> pauses = List.of(
                Duration.ofSeconds(10),
                Duration.ofMinutes(1),
                Duration.ofMinutes(10),
                Duration.ofHours(1),
                Duration.ofHours(1));

        for (int i = 0; i < pauses.size(); i++) {
            // Each time after a restart.
            scene.manager(configured(FileStore.open(folder))).deployOwed();
            Instant next = scene.time.instant().plus(pauses.get(i));
            assertThat(scene.record(Scene.WWW).deployments().failure())
                    .isEqualTo(new DeploymentFailure(i + 1, "load: no route to host", next));
            ManagerEvent.DeploymentFailed failed = await(ManagerEvent.DeploymentFailed.class);
            assertThat(failed.deployment()).isEqualTo("load");
            assertThat(failed.nextAttempt()).isEqualTo(next);
            scene.time.advance(pauses.get(i).minusSeconds(1));
            scene.manager(configured()).deployOwed();
            assertThat(failure().failures()).isEqualTo(i + 1);
            scene.time.advance(Duration.ofSeconds(1));
        }
        assertThat(done).isEmpty();
        trouble = null;
        scene.manager(configured()).deployOwed();

        assertThat(done).containsExactly("load " + serial(), "copy " + serial());
        assertThat(owed()).isEmpty();
        assertThat(scene.record(Scene.WWW).deployments().failure()).isNull();
    }

    @Test
    void failingAgainAndAgainIsAnAlarm() throws Exception {
        scene.manager(configured()).issue(scene.www());
        trouble = new IOException("no route to host");
        for (int i = 0; i < 3; i++) {
            scene.manager(configured()).deployOwed();
            scene.time.advance(Duration.ofMinutes(10));
        }

        ManagerEvent.Alarm alarm = await(ManagerEvent.Alarm.class);
        assertThat(alarm.reason()).isEqualTo(ManagerEvent.Reason.NOT_DEPLOYED);
        assertThat(alarm.message()).isEqualTo("failed 3 times: load: no route to host");
    }

    @Test
    void oneWithAMistakeIsAFailureToo() throws Exception {
        CertificateManager manager = scene.manager(base().deployment("load", certificate -> {
            throw new IllegalStateException("a mistake");
        }));
        manager.issue(scene.www());

        assertThat(manager.deployOwed()).isTrue();

        assertThat(failure().problem()).contains("a mistake");
    }

    @Test
    void anErrorIsAFailureAsAnyOtherAndTroubleToo() throws Exception {
        scene.manager(base().manage("www.example.test").deployment("load", certificate -> {
                    throw new NoClassDefFoundError("org/example/Gone");
                }))
                .start();

        assertThat(await(ManagerEvent.Trouble.class).cause()).isInstanceOf(NoClassDefFoundError.class);
        assertThat(await(ManagerEvent.DeploymentFailed.class).cause()).hasMessageContaining("org/example/Gone");
        assertThat(failure().problem()).contains("NoClassDefFoundError", "org/example/Gone");
        assertThat(owed()).containsExactly("load");
    }

    @Test
    void aHumanHasItTriedAtOnce() throws Exception {
        CertificateManager manager = scene.manager(configured());
        manager.issue(scene.www());
        trouble = new IOException("no route to host");
        manager.deployOwed();
        trouble = null;
        manager.deployOwed();
        assertThat(done).isEmpty();

        manager.retryNow();

        assertThat(failure().failures()).isOne();
        assertThat(failure().problem()).isEqualTo("load: no route to host");
        manager.deployOwed();
        assertThat(done).containsExactly("load " + serial(), "copy " + serial());
    }

    @Test
    void aPauseThatAWrongClockSetIsNotWaitedFor() throws Exception {
        scene.manager(configured()).issue(scene.www());
        Instant far = scene.time.instant().plus(Duration.ofDays(300));
        TestWrites.saveRecord(
                scene.store,
                Scene.WWW,
                RecordBuilder.of(scene.record(Scene.WWW))
                        .deploymentFailure(new DeploymentFailure(1, "load: no", far))
                        .build());

        scene.manager(configured()).deployOwed();

        assertThat(owed()).isEmpty();
    }

    @Test
    void onesThatAreNoMoreAreDropped() throws Exception {
        scene.manager(base().deployment("old", this::load).deployment("copy", this::copy))
                .issue(scene.www());

        scene.manager(base().deployment("copy", this::copy)).deployOwed();

        assertThat(done).containsExactly("copy " + serial());
        assertThat(owed()).isEmpty();
    }

    @Test
    void onesThatAreNoMoreAreDroppedEvenIfNothingElseIsLeft() throws Exception {
        CertificateManager manager = scene.manager(configured());
        manager.issue(scene.www());
        scene.manager(base().deployment("load", this::load)).deployOwed();
        trouble = new IOException("no route to host");
        manager.deployOwed();
        assertThat(owed()).containsExactly("copy");
        scene.time.advance(Duration.ofHours(1));

        scene.manager(base().deployment("load", this::load)).deployOwed();

        assertThat(owed()).isEmpty();
        assertThat(scene.record(Scene.WWW).deployments().failure()).isNull();
    }

    @Test
    void whatWasStoredWithoutAnyIsDeployedByWhoeverHasSome() throws Exception {
        scene.manager().issue(scene.www());
        assertThat(owed()).isEmpty();

        scene.manager(configured()).deployOwed();

        assertThat(done).containsExactly("load " + serial(), "copy " + serial());
        assertThat(deployed()).containsExactly("load", "copy");
        assertThat(owed()).isEmpty();
    }

    @Test
    void aNewOneIsCarriedOutWithWhatIsThereAlready() throws Exception {
        CertificateManager first = scene.manager(base().deployment("copy", this::copy));
        first.issue(scene.www());
        first.deployOwed();
        done.clear();

        scene.manager(configured()).deployOwed();

        assertThat(done).containsExactly("load " + serial());
        assertThat(deployed()).containsExactly("copy", "load");
    }

    @Test
    void whatWasCarriedOutIsNotCarriedOutAgainWhateverTheRecordOwes() throws Exception {
        CertificateManager manager = scene.manager(configured());
        manager.issue(scene.www());
        manager.deployOwed();
        done.clear();
        TestWrites.saveRecord(
                scene.store,
                Scene.WWW,
                RecordBuilder.of(scene.record(Scene.WWW))
                        .deploymentsOwed(List.of("load"))
                        .build());

        manager.deployOwed();

        assertThat(done).isEmpty();
        assertThat(owed()).isEmpty();
    }

    @Test
    void anotherManagersRenewalLosesNothingOfWhatThisOneHasToDo() throws Exception {
        CertificateManager manager = scene.manager(configured());
        manager.issue(scene.www());
        CertificateManager other = scene.manager(base().deployment("other", certificate -> note("other", certificate)));
        other.reissue(scene.www());
        other.deployNow(Scene.WWW);

        manager.deployOwed();

        assertThat(done).containsExactly("other " + serial(), "load " + serial(), "copy " + serial());
    }

    @Test
    void aNewCertificateOfAManagerWithoutAnyOwesWhatWasCarriedOutWithTheFormer() throws Exception {
        CertificateManager manager = scene.manager(configured());
        manager.issue(scene.www());
        manager.deployOwed();

        scene.manager().reissue(scene.www());

        assertThat(owed()).containsExactly("load", "copy");
        assertThat(deployed()).isEmpty();
    }

    @Test
    void aFileThatSomebodyPutThereByHandIsDeployedAtOnceToo() throws Exception {
        CertificateManager manager = scene.manager(configured());
        manager.issue(scene.www());
        manager.deployOwed();
        done.clear();
        Instant far = scene.time.instant().plus(Duration.ofMinutes(50));
        TestWrites.saveRecord(
                scene.store,
                Scene.WWW,
                RecordBuilder.of(scene.record(Scene.WWW))
                        .deploymentFailure(new DeploymentFailure(1, "load: no", far))
                        .build());
        scene.putForeign(Scene.WWW, foreign());
        assertThat(deployed()).isEmpty();
        assertThat(scene.record(Scene.WWW).deployments().failure()).isNull();

        manager.deployOwed();

        assertThat(done).containsExactly("load " + serial(), "copy " + serial());
        assertThat(deployed()).containsExactly("load", "copy");
    }

    @Test
    void whatDoesNotFitTogetherIsNotDeployed() throws Exception {
        scene.manager().issue(scene.www());
        Files.writeString(
                Path.of(scene.stored(Scene.WWW).location()),
                Pem.encode(List.of(foreign().certificate())));
        assertThat(scene.stored(Scene.WWW).problem()).contains("does not belong");

        scene.manager(configured()).deployOwed();

        assertThat(done).isEmpty();
    }

    @Test
    void whatHasExpiredIsNotDeployed() throws Exception {
        scene.manager().issue(scene.www());
        Instant end = Objects.requireNonNull(scene.stored(Scene.WWW).notAfter());
        scene.time.advance(Duration.between(scene.time.instant(), end));

        scene.manager(configured()).deployOwed();

        assertThat(done).isEmpty();
    }

    @Test
    void withOneCertificateTheyAreCarriedOutAtOnceWhoeverElseIsActiveAndHoweverOftenTheyFailed() throws Exception {
        CertificateManager manager = scene.manager(configured());
        scene.manager().issue(scene.www());
        scene.manager().issue(scene.wanted("other.example.test").build());
        try (Lease active = scene.store.lease(LeaseNames.ACTIVE, Duration.ZERO).orElseThrow()) {
            assertThat(active).isNotNull();
            trouble = new IOException("no route to host");
            manager.deployNow(Scene.WWW);
            assertThat(failure().failures()).isOne();
            trouble = null;

            manager.deployNow(Scene.WWW);
        }

        assertThat(done).containsExactly("load " + serial(), "copy " + serial());
        assertThat(scene.record("OTHER_EXAMPLE_TEST").deployments().done()).isEmpty();
    }

    @Test
    void twoManagersDoNotCarryOutTheSameOneAfterTheOther() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch asking = new CountDownLatch(1);
        scene.manager().issue(scene.www());
        scene.manager(base().deployment("load", certificate -> {
                    load(certificate);
                    begun.countDown();
                    awaitQuietly(asking);
                }))
                .start();
        begun.await();

        scene.manager(base(TestStores.beforeLease("deploy/", scene.store, arguments -> asking.countDown()))
                        .deployment("load", this::load))
                .deployNow(Scene.WWW);

        assertThat(done).containsExactly("load " + serial());
    }

    @Test
    void whileAnotherProcessIsAtItThatIsSaid() throws Exception {
        scene.manager().issue(scene.www());
        CertificateManager manager = scene.manager(
                configured(TestStores.beforeLease("deploy/", scene.store, arguments -> arguments[1] = Duration.ZERO)));
        try (Lease other = scene.store
                .lease(LeaseNames.deployments(Scene.WWW), Duration.ZERO)
                .orElseThrow()) {
            assertThat(other).isNotNull();

            assertThatThrownBy(() -> manager.deployNow(Scene.WWW))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("another process deploys " + Scene.WWW);
            assertThat(manager.deployOwed()).isTrue();
        }
        assertThat(done).isEmpty();
    }

    @Test
    void aManagerThatKnowsNoneLeavesThemToOthersEvenOverARenewal() throws Exception {
        scene.manager(configured()).issue(scene.www());

        assertThat(scene.manager().deployOwed()).isTrue();
        scene.manager().reissue(scene.www());

        assertThat(owed()).containsExactly("load", "copy");
    }

    @Test
    void aNewCertificateOwesAllAgainAtOnce() throws Exception {
        CertificateManager manager = scene.manager(configured());
        manager.issue(scene.www());
        trouble = new IOException("no route to host");
        manager.deployOwed();
        trouble = null;

        manager.reissue(scene.www());
        manager.deployOwed();

        assertThat(done).containsExactly("load " + serial(), "copy " + serial());
    }

    @Test
    void whatWasReplacedWhileItWasDeployedStillOwesAll() throws Exception {
        CertificateManager other = scene.manager(configured());
        other.issue(scene.www());
        CountDownLatch once = new CountDownLatch(1);
        CertificateManager manager = scene.manager(base().deployment("load", certificate -> {
                    load(certificate);
                    if (once.getCount() > 0) {
                        once.countDown();
                        other.reissue(scene.www());
                    }
                })
                .deployment("copy", this::copy));
        String first = serial();

        manager.deployOwed();

        assertThat(done).containsExactly("load " + first, "load " + serial(), "copy " + serial());
        assertThat(owed()).isEmpty();
    }

    @Test
    void oneRunRenewsAndDeploys() throws Exception {
        scene.manager().issue(scene.www());
        scene.time.advance(Scene.UNTIL_DUE);

        scene.manager(configured()).renewDue();

        assertThat(done).containsExactly("load " + serial(), "copy " + serial());
    }

    @Test
    void oneRunBesideAnActiveManagerDeploysWhatItRenewed() throws Exception {
        scene.manager().issue(scene.www());
        scene.time.advance(Scene.UNTIL_DUE);
        scene.manager().issue(scene.wanted("young.example.test").build());
        try (Lease active = scene.store.lease(LeaseNames.ACTIVE, Duration.ZERO).orElseThrow()) {
            assertThat(active).isNotNull();
            scene.manager(configured()).renewDue();
        }

        assertThat(done).containsExactly("load " + serial(), "copy " + serial());
    }

    @Test
    void whileAnotherManagerIsActiveTheyAreLeftToIt() throws Exception {
        scene.manager(configured()).issue(scene.www());
        try (Lease active = scene.store.lease(LeaseNames.ACTIVE, Duration.ZERO).orElseThrow()) {
            assertThat(active).isNotNull();
            assertThat(scene.manager(configured()).deployOwed()).isFalse();
            assertThat(done).isEmpty();

            assertThat(scene.manager(configured().alwaysActive()).deployOwed()).isTrue();
            assertThat(done).hasSize(2);
        }
    }

    @Test
    void theActiveManagerDeploysWhatAnotherProcessStored() throws Exception {
        scene.manager(configured()).start();
        await(ManagerEvent.BecameActive.class);

        scene.manager(base().deployment("load", never -> {
                    throw new IOException("not here");
                }))
                .issue(scene.www());

        awaitDeployed("load");
        assertThat(done).contains("load " + serial());
    }

    @Test
    void whatLacksNothingCostsNoLock() throws Exception {
        scene.manager(configured()).issue(scene.www());
        scene.manager(configured()).deployOwed();
        CertificateStore locked = TestStores.beforeLease("deploy/", scene.store, arguments -> {
            throw new AssertionError("locked for nothing");
        });

        assertThat(scene.manager(configured(locked)).deployOwed()).isTrue();

        assertThat(done).hasSize(2);
    }

    @Test
    void aHangingOneHoldsUpNoRenewalAndEndsWithTheManager() throws Exception {
        CountDownLatch hanging = new CountDownLatch(1);
        AtomicBoolean isOver = new AtomicBoolean();
        CertificateManager manager = scene.manager(base().manage("www.example.test")
                        .deployment("load", certificate -> {
                            try {
                                hang(hanging);
                            } finally {
                                isOver.set(true);
                            }
                        }))
                .start();
        hanging.await();

        manager.reissue(scene.www());
        manager.issue(scene.wanted("other.example.test").build());

        assertThat(scene.ca.certificates()).hasSize(3);
        assertThat(isOver).isFalse();
        manager.close();
        assertThat(isOver).isTrue();
        assertThat(owed()).containsExactly("load");
        assertThat(scene.record(Scene.WWW).deployments().failure()).isNull();
    }

    @Test
    void whatCannotBeWrittenDownIsTroubleAndNotTriedAgainAtOnce() throws Exception {
        scene.manager(configured()).issue(scene.www());
        CertificateManager manager = scene.manager(configured(
                        TestStores.before("saveDeployments", scene.store, arguments -> {
                            if (arguments[1].equals(Scene.WWW)) {
                                throw new IOException("disk full");
                            }
                        })))
                .start();
        assertThat(await(ManagerEvent.Trouble.class).cause()).hasMessage("disk full");

        // Each makes it look at all; one after another, the second follows what the first brought about.
        manager.issue(scene.wanted("x.example.test").build());
        awaitDeployed("copy");
        manager.issue(scene.wanted("y.example.test").build());
        awaitDeployed("copy");

        String serial = serial();
        assertThat(done).filteredOn(line -> line.endsWith(serial)).hasSize(1);
    }

    @Test
    void twoOfOneNameAreAMistake() {
        assertThatThrownBy(() -> configured().deployment("load", this::load))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"load\"");
    }

    private HeldCertificate foreign() {
        Instant now = scene.time.instant();
        return new HeldCertificate.Builder()
                .addSubjectAlternativeName("www.example.test")
                .validityInterval(
                        now.toEpochMilli(), now.plus(Duration.ofDays(90)).toEpochMilli())
                .build();
    }

    private static void awaitQuietly(CountDownLatch latch) throws IOException {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("closed");
        }
    }

    /** The serial number of the certificate that is stored now. */
    private String serial() throws IOException {
        return Scene.leaf(scene.stored(Scene.WWW)).getSerialNumber().toString(16);
    }

    private static void hang(CountDownLatch hanging) throws IOException {
        hanging.countDown();
        awaitQuietly(new CountDownLatch(1));
    }

    private void load(StoredCertificate certificate) throws IOException {
        note("load", certificate);
    }

    private void copy(StoredCertificate certificate) throws IOException {
        note("copy", certificate);
    }

    private void note(String name, StoredCertificate certificate) throws IOException {
        IOException failure = trouble;
        if (failure != null) {
            throw failure;
        }
        done.add(name + " " + Scene.leaf(certificate).getSerialNumber().toString(16));
    }

    private CertificateManager.Builder configured() {
        return configured(scene.store);
    }

    private CertificateManager.Builder configured(CertificateStore store) {
        return base(store).deployment("load", this::load).deployment("copy", this::copy);
    }

    private CertificateManager.Builder base() {
        return base(scene.store);
    }

    private CertificateManager.Builder base(CertificateStore store) {
        return scene.configured(store)
                .renewalInfo(false)
                .ca(Ca.of(scene.ca.directoryUrl()))
                .listener(events::add);
    }

    private List<String> owed() throws IOException {
        return scene.record(Scene.WWW).deployments().pending();
    }

    private List<String> deployed() throws IOException {
        return scene.record(Scene.WWW).deployments().done();
    }

    private DeploymentFailure failure() throws IOException {
        return Objects.requireNonNull(scene.record(Scene.WWW).deployments().failure(), "no failure");
    }

    private void awaitNothingOwed() throws IOException {
        // Ends by the timeout.
        while (!owed().isEmpty()) {
            Thread.onSpinWait();
        }
    }

    private void awaitDeployed(String name) throws InterruptedException {
        ManagerEvent.Deployed deployed = await(ManagerEvent.Deployed.class);
        while (!deployed.deployment().equals(name)) {
            deployed = await(ManagerEvent.Deployed.class);
        }
    }

    private <T extends ManagerEvent> T await(Class<T> type) throws InterruptedException {
        while (true) {
            ManagerEvent event = events.poll(60, TimeUnit.SECONDS);
            if (type.isInstance(Objects.requireNonNull(event, () -> "no " + type.getSimpleName()))) {
                return type.cast(event);
            }
        }
    }
}
