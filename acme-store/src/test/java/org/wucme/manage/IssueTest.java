package org.wucme.manage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.wucme.acme.Account;
import org.wucme.acme.AcmeException;
import org.wucme.acme.AcmeProblemException;
import org.wucme.acme.challenge.Http01;
import org.wucme.acme.challenge.Lease;
import org.wucme.acme.challenge.TlsAlpn01;
import org.wucme.acme.pki.KeyType;
import org.wucme.acme.pki.Pem;
import org.wucme.store.CertificateSpec;
import org.wucme.store.LeaseNames;
import org.wucme.store.RecordBuilder;
import org.wucme.store.RenewalRecord;
import org.wucme.store.StoreException;
import org.wucme.store.StoredAccount;
import org.wucme.store.StoredCertificate;
import org.wucme.store.file.FileStore;
import org.wucme.testing.ca.Defect;
import org.wucme.testing.ca.Endpoint;
import org.wucme.testing.ca.Fault;

class IssueTest {

    @TempDir
    Path folder;

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
    void aCertificateFromElsewhereIsFoundByItsNamesAndKeepsItsFile() throws IOException {
        scene.register();
        String host = "a-department-with-a-long-name.example.test";
        CertificateSpec wanted = scene.wanted(host).build();
        StoredCertificate ours = ((Outcome.Obtained) scene.manager().issue(wanted)).certificate();
        String theirs = "A-DEPARTMENT-WITH-A-LONG-NAME_EXAMPLE_TEST";
        Files.move(Path.of(ours.location()), folder.resolve("WUCME_C_" + theirs + ".PEM"));
        scene.forgetRecord(ours.name());
        Files.delete(folder.resolve("WUCME_K_" + ours.name() + ".PEM"));

        assertThat(scene.manager().issue(wanted)).isInstanceOf(Outcome.Current.class);
        assertThat(scene.manager().reissue(wanted).certificate().name()).isEqualTo(theirs);
    }

    @Test
    void obtainsAndStoresCertificateKeyAndRecord() throws IOException {
        Account account = scene.register();
        CertificateSpec wanted = scene.wanted("www.example.test", "example.test")
                .profile("classic")
                .challengeType(Http01.TYPE)
                .keyType(KeyType.EC_P384)
                .build();

        Outcome outcome = scene.manager().issue(wanted);

        StoredCertificate stored = scene.stored(Scene.WWW);
        assertThat(outcome).isInstanceOf(Outcome.Obtained.class);
        assertThat(Scene.leaf(outcome.certificate())).isEqualTo(Scene.leaf(stored));
        assertThat(scene.ca.certificates()).containsExactly(Scene.leaf(stored));
        assertThat(Scene.key(stored).getPublic()).isEqualTo(Scene.leaf(stored).getPublicKey());
        assertThat(scene.record(Scene.WWW))
                .isEqualTo(RecordBuilder.of(wanted)
                        .accountUrl(account.url())
                        .obtained(scene.record(Scene.WWW).origin().obtained())
                        .build());
        assertThat(scene.files())
                .containsExactly(
                        "WUCME_C_WWW_EXAMPLE_TEST.PEM",
                        "WUCME_K_WWW_EXAMPLE_TEST.PEM",
                        "WUCME_R_WWW_EXAMPLE_TEST.JSON");
    }

    @Test
    void makesTheKindOfKeyThatWasAskedFor() throws IOException {
        scene.register();

        scene.manager()
                .issue(scene.wanted("www.example.test")
                        .keyType(KeyType.RSA_2048)
                        .build());

        assertThat(Scene.leaf(scene.stored(Scene.WWW)).getPublicKey())
                .isInstanceOfSatisfying(
                        RSAPublicKey.class,
                        key -> assertThat(key.getModulus().bitLength()).isEqualTo(2048));
    }

    @Test
    void whatIsCurrentIsLeftWithoutAWordToTheCa() throws IOException {
        scene.register();
        scene.manager().issue(scene.www());
        Set<String> files = scene.files();
        scene.ca.clearLog();

        Outcome outcome = scene.manager().issue(scene.www());

        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Outcome.Current.class,
                        current -> assertThat(current.until())
                                .isEqualTo(RenewalDecision.dueAt(Scene.leaf(current.certificate()))));
        assertThat(scene.manager().findCurrent(scene.www())).isPresent();
        assertThat(scene.ca.count()).isZero();
        assertThat(scene.files()).isEqualTo(files);
    }

    @Test
    void theOrderOfTheNamesMakesNoDifferenceToWhatIsCurrent() throws IOException {
        scene.register();
        scene.manager()
                .issue(scene.wanted("www.example.test", "a.test", "b.test").build());

        assertThat(scene.manager()
                        .issue(scene.wanted("www.example.test", "b.test", "a.test")
                                .build()))
                .isInstanceOf(Outcome.Current.class);
    }

    @Test
    void aCertificateFromElsewhereIsCurrentToo() throws IOException {
        scene.register();
        scene.manager().issue(scene.www());
        scene.forgetRecord(Scene.WWW);

        assertThat(scene.manager().issue(scene.www())).isInstanceOf(Outcome.Current.class);
    }

    @Test
    void otherNamesAreObtainedAndRemembered() throws IOException {
        scene.register();
        scene.manager().issue(scene.www());
        CertificateSpec more =
                scene.wanted("www.example.test", "more.example.test").build();

        assertThat(scene.manager().findCurrent(more)).isEmpty();
        assertThat(scene.manager().issue(more)).isInstanceOf(Outcome.Obtained.class);

        assertThat(scene.record(Scene.WWW).spec().identifiers()).isEqualTo(more.identifiers());
        assertThat(scene.stored(Scene.WWW).identifiers()).hasSize(2);
    }

    @Test
    void theSameNamesFromAnotherCaAreObtainedThere() throws Exception {
        scene.register();
        scene.manager().issue(scene.www());
        try (Scene other = new Scene(Files.createDirectory(folder.resolve("other")));
                CertificateManager manager = CertificateManager.builder(scene.store)
                        .connect(other::connect)
                        .solvers(List.of(scene.solver))
                        .clock(scene.time)
                        .build()) {
            other.register();
            scene.store.saveAccount(
                    other.store.loadAccount(other.ca.directoryUrl()).orElseThrow());

            assertThat(manager.issue(other.www())).isInstanceOf(Outcome.Obtained.class);

            assertThat(other.ca.certificates()).containsExactly(Scene.leaf(scene.stored(Scene.WWW)));
            assertThat(scene.record(Scene.WWW).spec().directoryUrl()).isEqualTo(other.ca.directoryUrl());
        }
    }

    @Test
    void whatIsDueIsObtainedAgain() throws IOException {
        scene.register();
        scene.manager().issue(scene.www());
        StoredCertificate old = scene.stored(Scene.WWW);
        scene.time.advance(Scene.UNTIL_DUE);

        assertThat(scene.manager().issue(scene.www())).isInstanceOf(Outcome.Obtained.class);

        assertThat(Scene.leaf(scene.stored(Scene.WWW))).isNotEqualTo(Scene.leaf(old));
        assertThat(Scene.key(scene.stored(Scene.WWW)).getPublic())
                .isNotEqualTo(Scene.key(old).getPublic());
    }

    @Test
    void aCertificateWithoutItsKeyIsObtainedAgain() throws IOException {
        scene.register();
        scene.manager().issue(scene.www());
        Files.delete(folder.resolve("WUCME_K_WWW_EXAMPLE_TEST.PEM"));
        Files.writeString(
                folder.resolve("WUCME_C_WWW_EXAMPLE_TEST.PEM"),
                Pem.encode(List.of(Scene.leaf(scene.stored(Scene.WWW)))));

        assertThat(scene.manager().issue(scene.www())).isInstanceOf(Outcome.Obtained.class);

        assertThat(scene.stored(Scene.WWW).keyPair()).isNotNull();
    }

    @Test
    void reissueReplacesWhatIsCurrentAndLeavesABackup() throws IOException {
        scene.register();
        scene.manager().issue(scene.www());
        StoredCertificate old = scene.stored(Scene.WWW);

        Outcome.Obtained outcome = scene.manager().reissue(scene.www());

        assertThat(Scene.leaf(outcome.certificate())).isNotEqualTo(Scene.leaf(old));
        List<String> backups = scene.files().stream()
                .filter(file -> file.matches("WUCME_C_WWW_EXAMPLE_TEST\\.PEM_[0-9]{16}"))
                .toList();
        assertThat(backups).hasSize(1);
        assertThat(Pem.certificates(Files.readString(folder.resolve(backups.get(0))))
                        .get(0))
                .isEqualTo(Scene.leaf(old));
    }

    @Test
    void anAccountOfWhichOnlyTheKeyIsKnownIsLookedUpAndItsUrlKept() throws IOException {
        KeyPair key = KeyType.EC_P256.generate();
        Account account = scene.registerAtCa(key);
        Files.writeString(folder.resolve("WUCME_K_ACCOUNT.PEM"), Pem.encode(key.getPrivate()));
        scene.ca.clearLog();

        scene.manager().issue(scene.www());
        assertThat(scene.ca.count(Endpoint.NEW_ACCOUNT)).isOne();
        assertThat(scene.store
                        .loadAccount(scene.ca.directoryUrl())
                        .orElseThrow()
                        .accountUrl())
                .isEqualTo(account.url());
        assertThat(scene.record(Scene.WWW).origin().accountUrl()).isEqualTo(account.url());

        scene.manager().reissue(scene.www());
        assertThat(scene.ca.count(Endpoint.NEW_ACCOUNT)).isOne();
    }

    @Test
    void withoutAnAccountTheErrorSaysWhereToRegister() throws IOException {
        assertThatThrownBy(() -> scene.manager().issue(scene.www()))
                .isInstanceOf(AcmeException.class)
                .hasMessageContaining(scene.ca.directoryUrl())
                .hasMessageContaining("register");
        assertThat(scene.ca.count()).isZero();
        assertThat(scene.files()).isEmpty();
    }

    @Test
    void aKeyWithoutAnAccountIsSaidToHaveNone() throws IOException {
        scene.store.saveAccount(
                new StoredAccount(scene.ca.directoryUrl(), null, List.of(), KeyType.EC_P256.generate()));

        assertThatThrownBy(() -> scene.manager().issue(scene.www()))
                .isInstanceOf(AcmeException.class)
                .hasMessageContaining(scene.ca.directoryUrl())
                .hasMessageContaining("register");
        assertThat(scene.ca.count(Endpoint.NEW_ORDER)).isZero();
    }

    @Test
    void aFirstTryThatNeverGotAsFarAsAnOrderLeavesNothingBehind() throws IOException {
        scene.register();
        scene.ca.block("typo.example.test");

        assertThatThrownBy(() ->
                        scene.manager().issue(scene.wanted("typo.example.test").build()))
                .isInstanceOf(AcmeProblemException.class)
                .hasMessageContaining("typo.example.test");

        assertThat(scene.files()).isEmpty();
        assertThat(scene.store.list()).isEmpty();
    }

    @Test
    void aFirstTryThatFailedLaterIsRememberedWithItsReason() throws IOException {
        scene.register();
        scene.ca.issuanceFails("unauthorized");

        assertThatThrownBy(() -> scene.manager().issue(scene.www())).isInstanceOf(AcmeProblemException.class);

        RenewalRecord record = scene.record(Scene.WWW);
        assertThat(record.attempts().failures()).isOne();
        assertThat(record.attempts().lastProblem()).contains("TestCa was told not to issue");
        assertThat(record.attempts().nextAttempt())
                .isEqualTo(scene.time.instant().plus(Duration.ofMinutes(1)));
        assertThat(record.attempts().pendingOrder()).isNull();
    }

    @Test
    void aSuccessClearsWhatFailedBefore() throws IOException {
        Account account = scene.register();
        scene.ca.issuanceFails("unauthorized");
        assertThatThrownBy(() -> scene.manager().issue(scene.www())).isInstanceOf(AcmeProblemException.class);
        scene.ca.issuanceFails(null);

        scene.manager().issue(scene.www());

        assertThat(scene.record(Scene.WWW))
                .isEqualTo(RecordBuilder.of(scene.www())
                        .accountUrl(account.url())
                        .obtained(scene.record(Scene.WWW).origin().obtained())
                        .build());
    }

    @Test
    void otherNamesThatFailedAreNotRemembered() throws IOException {
        scene.register();
        scene.manager().issue(scene.www());
        StoredCertificate old = scene.stored(Scene.WWW);
        scene.ca.issuanceFails("unauthorized");

        assertThatThrownBy(() -> scene.manager()
                        .issue(scene.wanted("www.example.test", "more.example.test")
                                .build()))
                .isInstanceOf(AcmeProblemException.class);

        assertUnchanged(old);
    }

    @Test
    void otherNamesThatFailedAreNotRememberedOfACertificateFromElsewhereEither() throws IOException {
        scene.register();
        scene.manager().issue(scene.www());
        scene.forgetRecord(Scene.WWW);
        scene.ca.issuanceFails("unauthorized");

        assertThatThrownBy(() -> scene.manager()
                        .issue(scene.wanted("www.example.test", "more.example.test")
                                .build()))
                .isInstanceOf(AcmeProblemException.class);

        assertThat(scene.stored(Scene.WWW).renewal()).isNull();
    }

    @Test
    void anotherChallengeIsKeptToOnlyOnceItWorked() throws IOException {
        scene.register();
        CertificateSpec http =
                scene.www().toBuilder().challengeType(Http01.TYPE).build();
        scene.manager().issue(http);

        assertThatThrownBy(() -> scene.manager()
                        .reissue(http.toBuilder().challengeType(TlsAlpn01.TYPE).build()))
                .isInstanceOf(AcmeException.class);
        assertThat(scene.record(Scene.WWW).spec().challengeType()).isEqualTo(Http01.TYPE);

        scene.manager().reissue(http.toBuilder().challengeType(null).build());
        assertThat(scene.record(Scene.WWW).spec().challengeType()).isNull();
    }

    @Test
    void theChallengeTypeOfTheRecordIsKeptTo() throws IOException {
        scene.register();
        TestSolver alpn = new TestSolver(TlsAlpn01.TYPE);
        try (CertificateManager manager = CertificateManager.builder(scene.store)
                .connect(scene::connect)
                .solvers(List.of(alpn, scene.solver))
                .clock(scene.time)
                .build()) {
            manager.issue(scene.wanted("a.test").challengeType(Http01.TYPE).build());
            manager.issue(scene.wanted("b.test").challengeType(TlsAlpn01.TYPE).build());
            manager.issue(scene.wanted("c.test").build());
        }

        assertThat(scene.solver.presented()).hasSize(1);
        assertThat(alpn.presented()).hasSize(2);
    }

    @Test
    void aChallengeTypeThatNoSolverCanDoFailsClearly() throws IOException {
        scene.register();

        assertThatThrownBy(() -> scene.manager()
                        .issue(scene.www().toBuilder()
                                .challengeType(TlsAlpn01.TYPE)
                                .build()))
                .isInstanceOf(AcmeException.class)
                .hasMessageContaining("www.example.test")
                .hasMessageContaining("none of the solvers");
    }

    @ParameterizedTest
    @EnumSource(names = {"WRONG_KEY", "MISSING_NAME", "EXPIRED"})
    void aCertificateThatIsNotTheOneAskedForIsNotStored(Defect defect) throws IOException {
        scene.register();
        scene.manager().issue(scene.www());
        StoredCertificate old = scene.stored(Scene.WWW);
        Set<String> certificateFiles = certificateFiles();
        scene.ca.defect(defect);

        assertThatThrownBy(() -> scene.manager().reissue(scene.www())).isInstanceOf(AcmeException.class);

        assertThat(Scene.leaf(scene.stored(Scene.WWW))).isEqualTo(Scene.leaf(old));
        assertThat(certificateFiles()).isEqualTo(certificateFiles);
        assertThat(scene.record(Scene.WWW).attempts().failures()).isOne();
        assertThat(scene.record(Scene.WWW).attempts().pendingOrder()).isNull();
    }

    @Test
    void aCertificateWithAWrongIssuerAboveItIsNotStoredAndDownloadedAgainWhenTheCaHasCorrectedThat()
            throws IOException {
        scene.register();
        scene.manager().issue(scene.www());
        StoredCertificate old = scene.stored(Scene.WWW);
        scene.ca.defect(Defect.BROKEN_CHAIN);

        assertThatThrownBy(() -> scene.manager().reissue(scene.www())).hasMessageContaining("broken chain");

        assertThat(Scene.leaf(scene.stored(Scene.WWW))).isEqualTo(Scene.leaf(old));
        assertThat(scene.record(Scene.WWW).attempts().pendingOrder()).isNotNull();
        X509Certificate issued = scene.ca.certificates().get(1);
        X509Certificate issuer = Objects.requireNonNull(old.chain()).topmost();
        scene.ca.fault(
                Endpoint.CERTIFICATE,
                Fault.body("application/pem-certificate-chain", Pem.encode(List.of(issuer, issued))));
        scene.manager().reissue(scene.www());
        assertThat(Objects.requireNonNull(scene.stored(Scene.WWW).chain()).certificates())
                .containsExactly(issued, issuer);
        assertThat(scene.ca.count(Endpoint.NEW_ORDER)).isEqualTo(2);
    }

    @Test
    void aCertificateThatCannotBeReadIsDownloadedByTheNextAttempt() throws IOException {
        scene.register();
        scene.ca.fault(Endpoint.CERTIFICATE, Fault.body("text/html", "<html>maintenance</html>"), 1_000);

        assertThatThrownBy(() -> scene.manager().issue(scene.www())).isInstanceOf(AcmeException.class);
        scene.ca.clearFaults();
        scene.manager().issue(scene.www());

        assertThat(scene.ca.certificates()).containsExactly(Scene.leaf(scene.stored(Scene.WWW)));
    }

    @ParameterizedTest
    @EnumSource(names = {"WRONG_KEY", "MISSING_NAME", "BROKEN_CHAIN", "EXPIRED"})
    void noFirstCertificateIsStoredThatIsNotTheOneAskedFor(Defect defect) throws IOException {
        scene.register();
        scene.ca.defect(defect);

        assertThatThrownBy(() -> scene.manager().issue(scene.www())).isInstanceOf(AcmeException.class);

        assertThat(scene.stored(Scene.WWW).chain()).isNull();
        assertThat(certificateFiles()).isEmpty();
    }

    @Test
    void noOrderIsMadeWhenSomethingIsInTheWay() throws IOException {
        scene.register();
        Path inTheWay = Files.writeString(folder.resolve("WUCME_C_WWW_EXAMPLE_TEST.PEM"), "my notes");

        assertThatThrownBy(() -> scene.manager().issue(scene.www()))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("WUCME_C_WWW_EXAMPLE_TEST.PEM");

        assertThat(scene.ca.count(Endpoint.NEW_ORDER)).isZero();
        assertThat(inTheWay).hasContent("my notes");
    }

    @Test
    void noOrderIsMadeWhenTheStoreCannotBeWritten() throws IOException {
        scene.register();
        scene.ca.clearLog();
        CertificateManager manager = scene.manager(TestStores.before("requireWritable", scene.store, arguments -> {
            throw new IOException("disk full");
        }));

        assertThatThrownBy(() -> manager.issue(scene.www())).hasMessage("disk full");

        assertThat(scene.ca.count()).isZero();
    }

    @Test
    void theKeyIsInTheStoreBeforeTheOrderIsRemembered() throws IOException {
        scene.register();
        List<Boolean> keyWasThere = new ArrayList<>();
        CertificateManager manager = scene.manager(TestStores.before(
                "saveAttempts",
                scene.store,
                arguments -> keyWasThere.add(scene.store.loadNextKey(Scene.WWW).isPresent())));

        manager.issue(scene.www());

        assertThat(keyWasThere).containsExactly(true);
    }

    @Test
    void aLockThatSomebodyElseHoldsIsAClearError() throws IOException {
        scene.register();
        scene.ca.clearLog();
        FileStore other = FileStore.open(folder);
        CertificateManager manager = scene.manager(TestStores.impatient(scene.store));

        try (Lease lock =
                other.lease(LeaseNames.certificate(Scene.WWW), Duration.ZERO).orElseThrow()) {
            assertThat(lock).isNotNull();
            assertThatThrownBy(() -> manager.issue(scene.www()))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("another process is at work on " + Scene.WWW);
        }

        assertThat(scene.ca.count()).isZero();
        assertThat(manager.issue(scene.www())).isInstanceOf(Outcome.Obtained.class);
    }

    @Test
    void ofTwoManagersOnOneStoreOneObtainsAndTheOtherFindsItCurrent() throws Exception {
        scene.register();
        CertificateManager one = scene.manager();
        CertificateManager other = scene.manager(FileStore.open(folder));
        CyclicBarrier start = new CyclicBarrier(2);
        ExecutorService threads = Executors.newFixedThreadPool(2);
        List<Outcome> outcomes = new ArrayList<>();
        try {
            List<Callable<Outcome>> calls = List.of(
                    () -> {
                        start.await();
                        return one.issue(scene.www());
                    },
                    () -> {
                        start.await();
                        return other.issue(scene.www());
                    });
            for (Future<Outcome> outcome : threads.invokeAll(calls)) {
                outcomes.add(outcome.get());
            }
        } finally {
            threads.shutdownNow();
        }

        assertThat(outcomes).hasAtLeastOneElementOfType(Outcome.Obtained.class);
        assertThat(outcomes).hasAtLeastOneElementOfType(Outcome.Current.class);
        assertThat(scene.ca.orders()).hasSize(1);
    }

    @Test
    void anInterruptIsNoFailure() throws IOException {
        scene.register();
        scene.manager().issue(scene.www());
        StoredCertificate old = scene.stored(Scene.WWW);
        scene.solver.before(() -> Thread.currentThread().interrupt());

        assertThatThrownBy(() -> scene.manager().reissue(scene.www())).isInstanceOf(InterruptedIOException.class);

        assertThat(Thread.interrupted()).isTrue();
        assertThat(Scene.leaf(scene.stored(Scene.WWW))).isEqualTo(Scene.leaf(old));
        assertThat(scene.record(Scene.WWW).attempts().failures()).isZero();
        assertThat(scene.record(Scene.WWW).attempts().nextAttempt()).isNull();
        assertThat(scene.record(Scene.WWW).attempts().pendingOrder())
                .isEqualTo(scene.ca.orders().get(1));
    }

    @Test
    void aSolverThatTimedOutWasNotInterrupted() throws IOException {
        scene.register();
        scene.solver.before(() -> {
            throw new SocketTimeoutException("the DNS service does not answer");
        });

        assertThatThrownBy(() -> scene.manager().issue(scene.www())).isInstanceOf(SocketTimeoutException.class);

        assertThat(scene.record(Scene.WWW).attempts().lastProblem()).isEqualTo("the DNS service does not answer");
    }

    @Test
    void theFirstReasonIsToldEvenIfItCannotBeWrittenDown() throws IOException {
        scene.register();
        scene.manager().issue(scene.www());
        scene.ca.fault(Endpoint.NEW_ORDER, Fault.problem(403, "unauthorized", "not today"), 2);
        CertificateManager manager = scene.manager(TestStores.before("saveAttempts", scene.store, arguments -> {
            throw new IOException("disk full");
        }));

        assertThatThrownBy(() -> manager.reissue(scene.www()))
                .hasMessageContaining("not today")
                .satisfies(e -> assertThat(e.getSuppressed()).hasSize(1));
    }

    @Test
    void withoutAPlaceToRememberTheOrderItIsNotGoneOnWith() throws IOException {
        scene.register();
        CertificateManager manager = scene.manager(TestStores.before("saveAttempts", scene.store, arguments -> {
            throw new IOException("disk full");
        }));

        assertThatThrownBy(() -> manager.issue(scene.www()))
                .isInstanceOf(IOException.class)
                .hasMessage("disk full");

        assertThat(scene.solver.presented()).isEmpty();
    }

    @Test
    void aProfileThatTheCaDoesNotHaveFailsAndSaysWhichItHas() throws IOException {
        scene.register();

        assertThatThrownBy(() -> scene.manager()
                        .issue(scene.www().toBuilder().profile("tiny").build()))
                .hasMessageContaining("tiny")
                .hasMessageContaining("classic");
        assertThat(scene.files()).isEmpty();
    }

    private void assertUnchanged(StoredCertificate old) throws IOException {
        StoredCertificate present = scene.stored(Scene.WWW);
        assertThat(Scene.leaf(present)).isEqualTo(Scene.leaf(old));
        assertThat(present.renewal()).isEqualTo(old.renewal());
    }

    private Set<String> certificateFiles() throws IOException {
        Set<String> files = scene.files();
        files.removeIf(file -> !file.startsWith("WUCME_C_"));
        return files;
    }
}
