package org.wucme.manage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.wucme.acme.Account;
import org.wucme.acme.AcmeAccountException;
import org.wucme.acme.AcmeProblemException;
import org.wucme.acme.Ca;
import org.wucme.acme.pki.KeyType;
import org.wucme.store.RenewalRecord;
import org.wucme.store.StoredAccount;
import org.wucme.testing.Endpoint;
import org.wucme.testing.Fault;

class LostAccountTest {

    private Scene scene;

    @BeforeEach
    void begin(@TempDir Path folder) throws Exception {
        scene = new Scene(folder);
    }

    @AfterEach
    void end() throws Exception {
        scene.close();
    }

    private void lose(Account account, String how) {
        if (how.equals("lost")) {
            scene.ca.loseAccount(account.url());
        } else {
            scene.ca.makeStatus(account.url(), how);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"lost", "deactivated", "revoked"})
    void anAccountThatTheCaNoLongerAcceptsIsNamedWithItsCa(String how) throws Exception {
        Account account = scene.register();
        lose(account, how);

        assertThatThrownBy(() -> scene.manager().issue(scene.www()))
                .isInstanceOfSatisfying(AcmeAccountException.class, e -> {
                    assertThat(e.accountUrl()).isEqualTo(account.url());
                    assertThat(e.directoryUrl()).isEqualTo(scene.ca.directoryUrl());
                    assertThat(Failure.isPermanent(e)).isTrue();
                })
                .hasMessageContainingAll("the CA says", account.url(), "register");
    }

    @Test
    void theUrlOfAnotherCaIsNamedAsWell() throws Exception {
        Account account = scene.register();
        StoredAccount stored = scene.store.loadAccount(scene.ca.directoryUrl()).orElseThrow();
        String foreign = account.url() + "0";
        scene.store.saveAccount(new StoredAccount(stored.directoryUrl(), foreign, List.of(), stored.keyPair()));

        assertThatThrownBy(() -> scene.manager().issue(scene.www()))
                .isInstanceOf(AcmeAccountException.class)
                .hasMessageContaining(foreign);
    }

    @ParameterizedTest
    @ValueSource(strings = {"unauthorized", "malformed"})
    void aRefusalThatIsNotTheAccountsStaysWhatItIs(String type) throws Exception {
        scene.register();
        scene.ca.fault(Endpoint.NEW_ORDER, Fault.problem(403, type, "not this name"), 1);

        assertThatThrownBy(() -> scene.manager().issue(scene.www()))
                .isInstanceOf(AcmeProblemException.class)
                .hasMessageContaining("not this name");
    }

    @Test
    void anotherAccountAtTheCaEndsTheBackoffOfItsCertificates() throws Exception {
        Account account = scene.register();
        CertificateManager manager = scene.manager();
        manager.issue(scene.www());
        lose(account, "lost");
        scene.time.advance(Duration.ofDays(70));
        assertThat(manager.renewDue()).hasOnlyElementsOfType(Outcome.Failed.class);
        assertThat(manager.renewDue()).hasOnlyElementsOfType(Outcome.Current.class);
        scene.register();

        manager.retryNow(Ca.of("https://other.example/directory"));
        RenewalRecord record = scene.record(Scene.WWW);
        assertThat(record.nextAttempt()).isNotNull();
        manager.retryNow(Ca.of(scene.ca.directoryUrl()));

        assertThat(manager.renewDue()).hasOnlyElementsOfType(Outcome.Obtained.class);
    }

    @Test
    void aRunningManagerObtainsWhatWasMissingAnAccountAsSoonAsThereIsOne() throws Exception {
        CountDownLatch failed = new CountDownLatch(1);
        CountDownLatch obtained = new CountDownLatch(1);
        scene.register();
        scene.manager().issue(scene.www());
        scene.store.retireAccount(scene.ca.directoryUrl());
        scene.time.advance(Duration.ofDays(70));
        CertificateManager manager =
                scene.manager(scene.configured(scene.store).renewalInfo(false).listener(event -> {
                    if (event instanceof ManagerEvent.Failed) {
                        failed.countDown();
                    } else if (event instanceof ManagerEvent.Renewed) {
                        obtained.countDown();
                    }
                }));
        manager.start();
        assertThat(failed.await(50, TimeUnit.SECONDS)).isTrue();

        KeyPair key = KeyType.EC_P256.generate();
        String url = Objects.requireNonNull(scene.registerAtCa(key)).url();
        scene.store.saveAccount(new StoredAccount(scene.ca.directoryUrl(), url, List.of(), key));

        assertThat(obtained.await(50, TimeUnit.SECONDS)).isTrue();
    }
}
