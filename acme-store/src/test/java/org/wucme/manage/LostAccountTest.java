package org.wucme.manage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.wucme.acme.Account;
import org.wucme.acme.AcmeAccountException;
import org.wucme.acme.AcmeClient;
import org.wucme.acme.AcmeException;
import org.wucme.acme.AcmeProblemException;
import org.wucme.acme.Ca;
import org.wucme.acme.CaQuirk;
import org.wucme.acme.pki.KeyType;
import org.wucme.store.RecordBuilder;
import org.wucme.store.RenewalRecord;
import org.wucme.store.StoredAccount;
import org.wucme.store.TestWrites;
import org.wucme.testing.ca.Endpoint;
import org.wucme.testing.ca.Fault;

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
        assertThat(record.attempts().nextAttempt()).isNotNull();
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

    private Path keyFileOfAccountAt(String directoryUrl) throws Exception {
        Set<Path> before = keyFiles();
        scene.store.saveAccount(new StoredAccount(directoryUrl, null, List.of(), KeyType.EC_P256.generate()));
        return keyFiles().stream()
                .filter(file -> !before.contains(file))
                .findFirst()
                .orElseThrow();
    }

    private Set<Path> keyFiles() throws IOException {
        try (Stream<Path> files = Files.list(scene.folder)) {
            return files.filter(file -> String.valueOf(file.getFileName()).startsWith("WUCME_K_ACCOUNT"))
                    .collect(Collectors.toSet());
        }
    }

    @Test
    void anAccountThatCannotBeReadDoesNotKeepThoseOfOtherCasWaiting() throws Exception {
        String elsewhere = "https://other.example/directory";
        BlockingQueue<ManagerEvent> events = new LinkedBlockingQueue<>();
        scene.register();
        Path keyFile = keyFileOfAccountAt(elsewhere);
        scene.store.retireAccount(elsewhere);
        scene.manager().issue(scene.wanted("other.example.test").build());
        RenewalRecord moved = RecordBuilder.of(Scene.identifiers("other.example.test"), elsewhere)
                .build();
        TestWrites.saveRecord(scene.store, "OTHER_EXAMPLE_TEST", moved);
        scene.time.advance(Scene.UNTIL_DUE);
        CertificateManager manager =
                scene.manager(scene.configured(scene.store).renewalInfo(false).listener(events::add));
        manager.start();
        await(events, ManagerEvent.Failed.class);

        Files.writeString(keyFile, "no key");
        manager.issue(scene.www());
        scene.time.advance(Scene.UNTIL_DUE);
        manager.issue(scene.wanted("third.example.test").build());

        await(events, ManagerEvent.Renewed.class);
    }

    private static void await(BlockingQueue<ManagerEvent> events, Class<?> type) throws InterruptedException {
        ManagerEvent event = events.poll(50, TimeUnit.SECONDS);
        while (event != null && !type.isInstance(event)) {
            assertThat(event).isNotInstanceOf(ManagerEvent.Trouble.class);
            event = events.poll(50, TimeUnit.SECONDS);
        }
        assertThat(event).as(type.getSimpleName()).isNotNull();
    }

    /** At a CA that finds no account by its key. */
    private CertificateManager withoutLookUp() {
        scene.ca.fault(Endpoint.NEW_ACCOUNT, Fault.problem(400, "accountDoesNotExist", "never by a key"), 99);
        Ca forgetful = new Ca("test", scene.ca.directoryUrl(), CaQuirk.NO_ACCOUNT_LOOKUP);
        return scene.manager(scene.configured(scene.store).renewalInfo(false).connect(ca -> scene.connect(forgetful)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"unauthorized", "malformed"})
    void anAccountThatIsNotFoundByItsKeyIsNotLost(String type) throws Exception {
        scene.register();
        scene.ca.fault(Endpoint.NEW_ORDER, Fault.problem(403, type, "CAA forbids this name"), 1);

        assertThatThrownBy(() -> withoutLookUp().issue(scene.www()))
                .isInstanceOf(AcmeProblemException.class)
                .hasMessageContaining("CAA forbids this name");
    }

    @ParameterizedTest
    @ValueSource(strings = {"lost", "deactivated"})
    void anAccountThatIsNotFoundByItsKeyCanBeLost(String how) throws Exception {
        lose(scene.register(), how);

        assertThatThrownBy(() -> withoutLookUp().issue(scene.www())).isInstanceOf(AcmeAccountException.class);
    }

    @Test
    void aKeyIsNotUnknownWhereNoneIsFound() throws Exception {
        Account account = scene.register();
        StoredAccount stored = scene.store.loadAccount(scene.ca.directoryUrl()).orElseThrow();
        StoredAccount withoutUrl = new StoredAccount(stored.directoryUrl(), null, List.of(), stored.keyPair());
        scene.ca.fault(Endpoint.NEW_ACCOUNT, Fault.problem(400, "accountDoesNotExist", "never by a key"), 99);
        Ca forgetful = new Ca("test", scene.ca.directoryUrl(), CaQuirk.NO_ACCOUNT_LOOKUP);

        try (AcmeClient client = scene.connect(forgetful)) {
            assertThat(AccountStanding.ask(client, stored).usable().map(Account::url))
                    .contains(account.url());
            assertThat(AccountStanding.ask(client, withoutUrl).problem())
                    .contains("URL")
                    .doesNotContain("has no account");
        }
    }

    private void assertTriedAgainAfterKeyChange() throws Exception {
        assertThatThrownBy(() -> scene.manager().issue(scene.www()))
                .isInstanceOfSatisfying(
                        AcmeException.class,
                        e -> assertThat(e.isRetryable()).as(e.getMessage()).isTrue())
                .hasMessageContainingAll("key of account", "try again");

        scene.solver.before(() -> {});
        assertThat(scene.manager().issue(scene.www())).isInstanceOf(Outcome.Obtained.class);
    }

    @Test
    void anAccountWhoseKeyIsBeingChangedIsNotLost() throws Exception {
        Account account = scene.register();
        KeyPair next = KeyType.EC_P256.generate();
        scene.solver.before(
                () -> account.changeKey(next, key -> scene.store.saveNextAccountKey(scene.ca.directoryUrl(), key)));

        assertTriedAgainAfterKeyChange();
    }

    @Test
    void anAccountWhoseKeyAnotherProcessChangedWithoutWaitingForOrdersIsNotLost() throws Exception {
        Account account = scene.register();
        String directoryUrl = scene.ca.directoryUrl();
        KeyPair next = KeyType.EC_P256.generate();
        scene.solver.before(() -> {
            account.changeKey(next, key -> scene.store.saveNextAccountKey(directoryUrl, key));
            scene.store.saveAccount(new StoredAccount(directoryUrl, account.url(), List.of(), next));
        });

        assertTriedAgainAfterKeyChange();
    }

    @Test
    void anAccountIsNotLostWhileServersOfTheCaDoNotAcceptItsNewKeyYet() throws Exception {
        Account account = scene.register();
        account.changeKey(
                KeyType.EC_P256.generate(), key -> scene.store.saveNextAccountKey(scene.ca.directoryUrl(), key));
        scene.ca.fault(Endpoint.ACCOUNT, Fault.problem(400, "malformed", "JWS verification error"), 1);

        assertTriedAgainAfterKeyChange();
    }
}
