package org.wucme.manage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.wucme.acme.AcmeProblemException;
import org.wucme.acme.AcmeTimeoutException;
import org.wucme.acme.IssuanceEvent;
import org.wucme.acme.challenge.Http01;
import org.wucme.store.RenewalRecord;
import org.wucme.store.file.FileStore;
import org.wucme.testing.ca.Endpoint;

/** Orders that were begun and not finished. */
class ResumeTest {

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

    /** What no code catches: nothing that would follow in this process happens any more. */
    private static final class Crash extends Error {
        private static final long serialVersionUID = 1;
    }

    @ParameterizedTest
    @ValueSource(
            classes = {
                IssuanceEvent.OrderCreated.class,
                IssuanceEvent.ChallengeStarted.class,
                IssuanceEvent.IdentifierValidated.class,
                IssuanceEvent.OrderFinalized.class
            })
    void afterACrashTheOrderIsFinishedWithItsKey(Class<? extends IssuanceEvent> moment) throws IOException {
        CertificateManager crashing = scene.manager(scene.store, event -> {
            if (moment.isInstance(event)) {
                throw new Crash();
            }
        });
        assertThatThrownBy(() -> crashing.issue(scene.www())).isInstanceOf(Crash.class);
        KeyPair key = scene.store.loadNextKey(Scene.WWW).orElseThrow();

        assertThat(scene.manager(FileStore.open(folder)).issue(scene.www())).isInstanceOf(Outcome.Obtained.class);

        assertThat(scene.ca.orders()).hasSize(1);
        assertThat(scene.ca.certificates()).containsExactly(Scene.leaf(scene.stored(Scene.WWW)));
        assertThat(Scene.key(scene.stored(Scene.WWW)).getPublic()).isEqualTo(key.getPublic());
        assertThat(scene.record(Scene.WWW).attempts().pendingOrder()).isNull();
        assertThat(scene.store.loadNextKey(Scene.WWW)).isEmpty();
    }

    @Test
    void anOrderThatWasNotReadyInTimeIsFinishedLater() throws IOException {
        timeOutBeforeReady();
        RenewalRecord record = scene.record(Scene.WWW);
        assertThat(record.attempts().pendingOrder()).isEqualTo(scene.ca.orders().get(0));
        assertThat(record.attempts().nextAttempt())
                .isEqualTo(scene.time.instant().plus(Duration.ofHours(1)));

        scene.manager().issue(scene.www());

        assertThat(scene.ca.orders()).hasSize(1);
        assertThat(scene.ca.certificates()).hasSize(1);
    }

    @Test
    void anOrderWhoseCertificateWasNotThereInTimeIsFinishedLater() throws IOException {
        timeOutAfterFinalize();

        scene.manager().issue(scene.www());

        assertThat(scene.ca.certificates()).containsExactly(Scene.leaf(scene.stored(Scene.WWW)));
        assertThat(scene.ca.count(Endpoint.FINALIZE)).isOne();
    }

    @Test
    void anotherChallengeGoesOnWithTheSameOrder() throws IOException {
        timeOutBeforeReady();

        scene.manager().issue(scene.www().toBuilder().challengeType(Http01.TYPE).build());

        assertThat(scene.ca.orders()).hasSize(1);
        assertThat(scene.record(Scene.WWW).spec().challengeType()).isEqualTo(Http01.TYPE);
    }

    @Test
    void anOrderForOtherNamesIsLeft() throws IOException {
        timeOutBeforeReady();

        scene.manager()
                .issue(scene.wanted("www.example.test", "more.example.test").build());

        assertThat(scene.ca.orders()).hasSize(2);
        assertThat(scene.stored(Scene.WWW).identifiers()).hasSize(2);
    }

    @Test
    void anInvalidOrderIsLeft() throws IOException {
        timeOutBeforeReady();
        scene.ca.makeStatus(scene.ca.orders().get(0), "invalid");

        assertThat(scene.manager().issue(scene.www())).isInstanceOf(Outcome.Obtained.class);

        assertThat(scene.ca.orders()).hasSize(2);
        assertThat(scene.record(Scene.WWW).attempts().pendingOrder()).isNull();
    }

    @Test
    void anOrderWhoseKeyIsGoneIsLeft() throws IOException {
        timeOutAfterFinalize();
        Files.delete(folder.resolve("WUCME_K_WWW_EXAMPLE_TEST.PEM_NEXT"));

        assertThat(scene.manager().issue(scene.www())).isInstanceOf(Outcome.Obtained.class);

        assertThat(scene.ca.orders()).hasSize(2);
    }

    @Test
    void anOrderThatTheCaRefusedIsNotTriedTwice() throws IOException {
        scene.ca.issuanceFails("unauthorized");
        assertThatThrownBy(() -> scene.manager().issue(scene.www())).isInstanceOf(AcmeProblemException.class);
        scene.ca.issuanceFails(null);

        scene.manager().issue(scene.www());

        assertThat(scene.ca.orders()).hasSize(2);
    }

    @Test
    void aCertificateThatCouldNotBeStoredIsFetchedAgainAndNotOrderedAgain() throws IOException {
        AtomicBoolean full = new AtomicBoolean(true);
        CertificateManager manager = scene.manager(TestStores.before("save", scene.store, arguments -> {
            if (full.get()) {
                throw new IOException("disk full");
            }
        }));
        assertThatThrownBy(() -> manager.issue(scene.www())).hasMessage("disk full");
        full.set(false);

        manager.issue(scene.www());

        assertThat(scene.ca.certificates()).containsExactly(Scene.leaf(scene.stored(Scene.WWW)));
    }

    @Test
    void anOrderWhoseSolverFailedIsGoneOnWith() throws IOException {
        scene.solver.before(() -> {
            throw new IOException("port 80 is in use");
        });
        assertThatThrownBy(() -> scene.manager().issue(scene.www())).hasMessage("port 80 is in use");
        scene.solver.before(() -> {});

        scene.manager().issue(scene.www());

        assertThat(scene.ca.orders()).hasSize(1);
    }

    @Test
    void aTryForOtherNamesDoesNotSpoilThePendingOrder() throws IOException {
        scene.manager().issue(scene.www());
        timeOutAfterFinalize();
        String pending = scene.record(Scene.WWW).attempts().pendingOrder();
        scene.ca.issuanceFails("unauthorized");
        assertThatThrownBy(() -> scene.manager()
                        .reissue(scene.wanted("www.example.test", "more.example.test")
                                .build()))
                .isInstanceOf(AcmeProblemException.class);
        scene.ca.issuanceFails(null);
        assertThat(scene.record(Scene.WWW).attempts().pendingOrder()).isEqualTo(pending);

        scene.manager().reissue(scene.www());

        assertThat(scene.ca.certificates()).hasSize(2);
        assertThat(Scene.leaf(scene.stored(Scene.WWW)))
                .isEqualTo(scene.ca.certificates().get(1));
    }

    @Test
    void renewalGoesOnWithThePendingOrder() throws IOException {
        scene.manager().issue(scene.www());
        scene.time.advance(Scene.UNTIL_DUE);
        scene.ca.retryAfter(Endpoint.ORDER, "3600").pollsUntilReady(1);
        assertThat(scene.manager().renewDue().get(0))
                .isInstanceOfSatisfying(
                        Outcome.Failed.class,
                        failed -> assertThat(failed.cause()).isInstanceOf(AcmeTimeoutException.class));
        scene.ca.retryAfter(Endpoint.ORDER, null);
        scene.time.advance(Duration.ofHours(1));

        assertThat(scene.manager().renewDue().get(0)).isInstanceOf(Outcome.Obtained.class);

        assertThat(scene.ca.orders()).hasSize(2);
        assertThat(scene.ca.certificates()).hasSize(2);
    }

    private void timeOutBeforeReady() {
        scene.ca.retryAfter(Endpoint.ORDER, "3600").pollsUntilReady(1);
        assertThatThrownBy(() -> scene.manager().reissue(scene.www())).isInstanceOf(AcmeTimeoutException.class);
        scene.ca.retryAfter(Endpoint.ORDER, null).pollsUntilReady(0);
    }

    private void timeOutAfterFinalize() {
        scene.ca.retryAfter(Endpoint.ORDER, "3600").finalizeAtOnce(false).pollsUntilValid(2);
        assertThatThrownBy(() -> scene.manager().reissue(scene.www())).isInstanceOf(AcmeTimeoutException.class);
        scene.ca.retryAfter(Endpoint.ORDER, null).finalizeAtOnce(true).pollsUntilValid(0);
    }
}
