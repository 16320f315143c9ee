package org.wucme.manage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.wucme.acme.AcmeClient;
import org.wucme.acme.AcmeException;
import org.wucme.acme.Ca;
import org.wucme.acme.ExternalAccount;
import org.wucme.acme.Identifier;
import org.wucme.acme.Registration;
import org.wucme.acme.challenge.ChallengeSolver;
import org.wucme.acme.challenge.Dns01;
import org.wucme.acme.challenge.Http01;
import org.wucme.acme.challenge.TlsAlpn01;
import org.wucme.acme.pki.KeyType;
import org.wucme.store.CertificateSpec;
import org.wucme.store.RenewalRecord;
import org.wucme.store.StoredAccount;
import org.wucme.testing.ca.Endpoint;
import org.wucme.testing.ca.Fault;
import org.wucme.testing.ca.TestCa;

/** What is wrong on this side is found before anything is written or ordered, and is no verdict of a CA. */
@SuppressWarnings("NullAway.Init")
class MisuseTest {

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

    private CertificateManager.Builder managing(String... names) {
        return scene.configured(scene.store)
                .renewalInfo(false)
                .ca(Ca.of(scene.ca.directoryUrl()))
                .listener(events::add)
                .manage(names);
    }

    private void awaitObtained() throws InterruptedException {
        ManagerEvent event;
        do {
            event = events.poll(30, TimeUnit.SECONDS);
            assertThat(event).as("obtained").isNotNull();
        } while (!(event instanceof ManagerEvent.Obtained));
    }

    private void nothingHappened() throws IOException {
        assertThat(scene.files()).isEmpty();
        assertThat(scene.store.list()).isEmpty();
        assertThat(scene.store.defaultDirectoryUrl()).isEmpty();
        assertThat(scene.ca.count(Endpoint.NEW_ACCOUNT)).isZero();
        assertThat(scene.ca.count(Endpoint.NEW_ORDER)).isZero();
    }

    @Test
    void withoutAgreementNothingStartsAndTheCorrectedStartObtainsAtOnce() throws Exception {
        assertThatIllegalStateException()
                .isThrownBy(() -> scene.manager(managing("www.example.test")).start())
                .withMessageContaining("agreeToTerms()")
                .withMessageContaining(scene.ca.directoryUrl());
        nothingHappened();

        scene.manager(managing("www.example.test").agreeToTerms()).start();

        awaitObtained();
    }

    @Test
    void anAccountThatExistsNeedsNoAgreement() throws Exception {
        scene.register();

        scene.manager(managing("www.example.test")).start();

        awaitObtained();
    }

    @Test
    void anAccountOfWhichOnlyTheKeyIsKnownNeedsNoAgreement() throws Exception {
        KeyPair key = KeyType.EC_P256.generate();
        scene.registerAtCa(key);
        scene.store.saveAccount(new StoredAccount(scene.ca.directoryUrl(), null, List.of(), key));

        scene.manager(managing("www.example.test")).start();

        awaitObtained();
    }

    @Test
    void aCaWithoutTermsNeedsNoAgreement() throws Exception {
        try (TestCa free =
                TestCa.builder().clock(scene.time).termsOfService(null).start().alwaysValid(true)) {
            scene.manager(managing("www.example.test")
                            .ca(Ca.of(free.directoryUrl()))
                            .connect(ca -> AcmeClient.builder(ca)
                                    .trustedRoots(List.of(free.tlsRoot()))
                                    .clock(scene.time)
                                    .sleeper(scene.time)
                                    .build()))
                    .start();

            awaitObtained();
        }
    }

    @Test
    void whetherACaHasTermsThatDoesNotAnswerIsNotGuessed() {
        CertificateManager.Builder builder = managing("www.example.test");
        scene.ca.close();

        assertThatIllegalStateException()
                .isThrownBy(() -> scene.manager(builder).start())
                .withMessageContaining("agreeToTerms()");
    }

    @Test
    void withoutSolversNothingIsBuiltOrStarted() throws Exception {
        scene.register();

        assertThatIllegalStateException()
                .isThrownBy(() -> managing("www.example.test").solvers().build())
                .withMessageContaining("solvers(...)");
        CertificateManager without = scene.manager(scene.configured(scene.store).solvers());
        assertThatIllegalStateException().isThrownBy(without::start).withMessageContaining("solvers(...)");
        assertThatThrownBy(() -> without.issue(scene.www()))
                .isInstanceOf(AcmeException.class)
                .hasMessageContaining("solvers(...)");

        assertThat(scene.files()).isEmpty();
        assertThat(scene.ca.count(Endpoint.NEW_ORDER)).isZero();
    }

    @Test
    void aRenewalWithoutSolversStoresNoBackoff() throws Exception {
        scene.register();
        scene.manager().issue(scene.www());
        scene.time.advance(Scene.UNTIL_DUE);
        RenewalRecord before = scene.record(Scene.WWW);

        List<Outcome> outcomes = scene.manager(
                        scene.configured(scene.store).solvers().renewalInfo(false))
                .renewDue();

        assertThat(outcomes).hasOnlyElementsOfType(Outcome.Failed.class);
        assertThat(scene.record(Scene.WWW)).isEqualTo(before);
        assertThat(scene.manager().renewDue()).hasOnlyElementsOfType(Outcome.Obtained.class);
    }

    @Test
    void aRenewalWithoutAnAccountStoresNoBackoff() throws Exception {
        scene.register();
        scene.manager().issue(scene.www());
        scene.time.advance(Scene.UNTIL_DUE);
        scene.store.retireAccount(scene.ca.directoryUrl());

        assertThat(scene.manager().renewDue()).hasOnlyElementsOfType(Outcome.Failed.class);
        assertThat(scene.record(Scene.WWW).attempts().nextAttempt()).isNull();
        scene.register();

        assertThat(scene.manager().renewDue()).hasOnlyElementsOfType(Outcome.Obtained.class);
    }

    @ParameterizedTest
    @CsvSource({"http-01, *.example.test", "tls-alpn-01, *.example.test", "dns-01, 192.0.2.1", "dns-01, 2001:db8::1"})
    void aNameThatNoSolverCanValidateIsRefusedBeforeAnything(String type, String name) throws Exception {
        CertificateManager.Builder builder =
                managing("www.example.test", name).agreeToTerms().solvers(new TestSolver(type));

        assertThatIllegalArgumentException()
                .isThrownBy(builder::build)
                .withMessageContaining(name)
                .withMessageContaining(type);
        CertificateManager manager = scene.manager(scene.configured(scene.store).solvers(new TestSolver(type)));
        CertificateSpec wanted = scene.wanted("www.example.test", name).build();
        assertThatThrownBy(() -> manager.issue(wanted)).hasMessageContaining(name);
        assertThatThrownBy(() -> manager.rehearse(wanted)).hasMessageContaining(name);

        nothingHappened();
    }

    @Test
    void aSolverThatCannotPresentNowIsFoundBeforeAnythingIsOrdered() throws Exception {
        scene.register();
        List<String> before = List.copyOf(scene.files());
        scene.solver.check(() -> {
            throw new IOException("port 80 is taken");
        });
        CertificateManager manager = scene.manager();

        assertThatThrownBy(() -> manager.issue(scene.www())).hasMessage("port 80 is taken");
        assertThatThrownBy(() -> manager.reissue(scene.www())).hasMessage("port 80 is taken");
        assertThatThrownBy(() -> manager.rehearse(scene.www())).hasMessage("port 80 is taken");

        assertThat(scene.store.list()).isEmpty();
        assertThat(scene.files()).containsExactlyElementsOf(before);
        assertThat(scene.ca.count(Endpoint.NEW_ORDER)).isZero();
    }

    @Test
    void aRenewalOrdersNothingWhileNoSolverCanPresent() throws Exception {
        scene.register();
        scene.manager().issue(scene.www());
        scene.time.advance(Scene.UNTIL_DUE);
        scene.ca.clearLog();
        scene.solver.check(() -> {
            throw new IOException("port 80 is taken");
        });

        assertThat(scene.manager().renewDue()).hasOnlyElementsOfType(Outcome.Failed.class);

        assertThat(scene.ca.count(Endpoint.NEW_ORDER)).isZero();
        assertThat(scene.record(Scene.WWW).attempts().lastProblem()).contains("port 80 is taken");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void otherSettingsOfASolverEndTheBackoffOfAFailedValidation(boolean failsAtCa) throws Exception {
        scene.register();
        scene.manager().issue(scene.www());
        scene.time.advance(Scene.UNTIL_DUE);
        scene.solver.settings("below /srv/wrong");
        if (failsAtCa) {
            scene.ca.alwaysValid(false);
        } else {
            scene.solver.before(() -> {
                throw new IOException("/srv/wrong is not a folder");
            });
        }
        assertThat(scene.manager().renewDue()).hasOnlyElementsOfType(Outcome.Failed.class);
        scene.ca.alwaysValid(true);
        scene.solver.before(() -> {});
        assertThat(scene.manager().renewDue()).hasOnlyElementsOfType(Outcome.Current.class);

        scene.solver.settings("below /srv/www");

        assertThat(scene.manager().renewDue()).hasOnlyElementsOfType(Outcome.Obtained.class);
    }

    @Test
    void aChallengeTypeThatNoSolverHasIsRefused() {
        CertificateSpec wanted =
                scene.wanted("www.example.test").challengeType(Dns01.TYPE).build();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> managing("other.example.test").manage(wanted).build())
                .withMessageContaining(Dns01.TYPE);
    }

    @Test
    void whatASolverOfAnOtherKindCanDoIsLeftToTheOrder() {
        CertificateSpec own =
                scene.wanted("www.example.test").challengeType("own-01").build();

        managing("*.example.test", "192.0.2.1")
                .solvers(new TestSolver("own-01"))
                .build()
                .close();
        managing("a.test").manage(own).build().close();
        managing("*.example.test", "www.example.test")
                .solvers(new TestSolver(Http01.TYPE), new TestSolver(Dns01.TYPE))
                .build()
                .close();
        managing("192.0.2.1").solvers(new TestSolver(TlsAlpn01.TYPE)).build().close();
    }

    @Test
    void otherMisuseIsRefusedWhereItIsMade() {
        CertificateManager.Builder builder = managing("www.example.test");
        Ca ca = Ca.of(scene.ca.directoryUrl());
        Ca other = Ca.of("https://other.example/directory");

        assertThatIllegalArgumentException().isThrownBy(() -> builder.contact("hostmaster@example.org"));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.contact("mailto:a@example.org,b@example.org"));
        assertThatIllegalArgumentException().isThrownBy(builder::manage);
        assertThatIllegalArgumentException().isThrownBy(() -> builder.manage("https://www.example.test/"));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.testCa(ca, ca));
        builder.testCa(ca, other);
        assertThatIllegalArgumentException().isThrownBy(() -> builder.testCa(ca, Ca.PEBBLE));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.furtherCas(other, other));
        builder.externalAccount(ca, ExternalAccount.of("one", "c2VjcmV0"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.externalAccount(ca, ExternalAccount.of("two", "c2VjcmV0")));
    }

    @Test
    @SuppressWarnings("NullAway")
    void nullIsRefusedWhereItIsGiven() {
        CertificateManager.Builder builder = managing("www.example.test");

        assertThatNullPointerException().isThrownBy(() -> builder.solvers((ChallengeSolver) null));
        assertThatNullPointerException().isThrownBy(() -> builder.solvers(Arrays.asList(null, null)));
        assertThatNullPointerException().isThrownBy(() -> builder.connect(null));
        assertThatNullPointerException().isThrownBy(() -> builder.progress(null));
        assertThatNullPointerException().isThrownBy(() -> builder.clock(null));
        assertThatNullPointerException().isThrownBy(() -> builder.sleeper(null));
        assertThatNullPointerException().isThrownBy(() -> builder.random(null));
        assertThatNullPointerException().isThrownBy(() -> builder.wakeInterval(null));
        assertThatNullPointerException().isThrownBy(() -> builder.furtherCas(Arrays.asList(Ca.PEBBLE, null), 1));
        assertThatNullPointerException().isThrownBy(() -> builder.testCa(Ca.PEBBLE, null));
        assertThatNullPointerException().isThrownBy(() -> builder.contact(null));
        assertThatNullPointerException().isThrownBy(() -> builder.externalAccount(Ca.PEBBLE, null));
        assertThatNullPointerException().isThrownBy(() -> builder.ca(null));
        assertThatNullPointerException().isThrownBy(() -> builder.manage("a.test", null));
        assertThatNullPointerException().isThrownBy(() -> builder.manage((CertificateSpec) null));
        assertThatNullPointerException().isThrownBy(() -> builder.listener(null));
        assertThatNullPointerException().isThrownBy(() -> builder.deployment("reload", null));
        assertThatNullPointerException().isThrownBy(() -> builder.deployment(null, certificate -> {}));
    }

    @Test
    void twoCertificatesThatBeginWithOneNameAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> managing("www.example.test", "a.test")
                        .manage("WWW.example.test", "b.test")
                        .build())
                .withMessageContaining("a.test")
                .withMessageContaining("b.test");
    }

    @Test
    void aNameThatCertificatesWriteInAnotherWayIsRefused() throws Exception {
        CertificateSpec wanted = CertificateSpec.builder(List.of(new Identifier(Identifier.DNS, "WWW.example.test")))
                .ca(Ca.of(scene.ca.directoryUrl()))
                .build();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> managing("a.test").manage(wanted).build())
                .withMessageContaining("www.example.test");
        CertificateManager manager = scene.manager();
        assertThatIllegalArgumentException().isThrownBy(() -> manager.issue(wanted));
        assertThatIllegalArgumentException().isThrownBy(() -> manager.reissue(wanted));
        assertThatIllegalArgumentException().isThrownBy(() -> manager.rehearse(wanted));
        nothingHappened();
    }

    @Test
    void otherSettingsEndABackoffThatMayHaveComeFromThem() throws Exception {
        scene.register();
        CertificateSpec wrong =
                scene.wanted("www.example.test").profile("nosuch").build();
        try (CertificateManager manager =
                managing("a.test").manage(wrong).atOnce(1).build()) {
            manager.start();
            awaitFailure(Scene.WWW);
        }
        assertThat(scene.record(Scene.WWW).attempts().nextAttempt())
                .isAfter(scene.time.instant().plus(Duration.ofHours(20)));
        events.clear();

        try (CertificateManager same = managing("a.test").manage(wrong).build()) {
            same.start();
            assertThat(events.poll(2, TimeUnit.SECONDS)).isInstanceOf(ManagerEvent.BecameActive.class);
            assertThat(scene.record(Scene.WWW).attempts().nextAttempt()).isNotNull();
        }
        try (CertificateManager corrected = managing("a.test")
                .manage(scene.wanted("www.example.test").profile("classic").build())
                .build()) {
            corrected.start();
            ManagerEvent event = events.poll(30, TimeUnit.SECONDS);
            while (!(event instanceof ManagerEvent.Obtained obtained)
                    || !obtained.certificate().name().equals(Scene.WWW)) {
                event = events.poll(30, TimeUnit.SECONDS);
                assertThat(event).isNotNull();
            }
        }
    }

    @Test
    void aCorrectedKeyOfTheExternalAccountEndsTheBackoff() throws Exception {
        Ca ca = Ca.of(scene.ca.directoryUrl());
        scene.ca.fault(
                Endpoint.NEW_ACCOUNT, Fault.problem(400, "malformed", "the binding is signed with another key"), 9);
        try (CertificateManager manager = managing("www.example.test")
                .agreeToTerms()
                .externalAccount(ca, ExternalAccount.of("one", "d3Jvbmc"))
                .build()) {
            manager.start();
            awaitFailure(Scene.WWW);
        }
        assertThat(scene.record(Scene.WWW).attempts().nextAttempt())
                .isAfter(scene.time.instant().plus(Duration.ofHours(20)));
        scene.ca.clearFaults();

        scene.manager(managing("www.example.test")
                        .agreeToTerms()
                        .externalAccount(ca, ExternalAccount.of("one", "c2VjcmV0")))
                .start();

        awaitObtained();
    }

    private void awaitFailure(String name) throws InterruptedException {
        ManagerEvent event;
        do {
            event = events.poll(30, TimeUnit.SECONDS);
            assertThat(event).as("failed").isNotNull();
        } while (!(event instanceof ManagerEvent.Failed failed && failed.name().equals(name)));
    }

    @Test
    void anotherAccountEndsTheBackoffOfOneThatTheCaRefused() throws Exception {
        scene.register();
        scene.manager().issue(scene.www());
        scene.time.advance(Scene.UNTIL_DUE);
        KeyPair unknown = KeyType.EC_P256.generate();
        scene.store.saveAccount(new StoredAccount(
                scene.ca.directoryUrl(),
                scene.ca.directoryUrl().replace("directory", "account/none"),
                List.of(),
                unknown));
        assertThat(scene.manager().renewDue()).hasOnlyElementsOfType(Outcome.Failed.class);
        assertThat(scene.record(Scene.WWW).attempts().nextAttempt()).isNotNull();
        assertThat(scene.manager().renewDue()).hasOnlyElementsOfType(Outcome.Current.class);

        scene.register();

        assertThat(scene.manager().renewDue()).hasOnlyElementsOfType(Outcome.Obtained.class);
    }

    @Test
    void aContactIsCheckedAsItIsByTheRegistration() {
        assertThat(Registration.requireContact("mailto:hostmaster@example.org"))
                .isEqualTo("mailto:hostmaster@example.org");
    }
}
