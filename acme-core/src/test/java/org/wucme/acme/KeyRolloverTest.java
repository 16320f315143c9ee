package org.wucme.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNoException;

import java.io.IOException;
import java.security.KeyPair;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.wucme.acme.pki.KeyType;
import org.wucme.acme.pki.Signer;
import org.wucme.testing.ca.Endpoint;
import org.wucme.testing.ca.Fault;
import org.wucme.testing.ca.Request;

/** The change of an account's key: RFC 8555 section 7.3.5. */
class KeyRolloverTest extends AtTestCa {

    private final KeyPair oldKey = TestClients.newKey();
    private final KeyPair newKey = TestClients.newKey();
    private final List<KeyPair> kept = new ArrayList<>();

    private Account registered() throws IOException {
        Account account = client.register(Registration.with(oldKey).agreeToTerms());
        ca.clearLog();
        return account;
    }

    private void assertChanged(Account before, Account after) throws IOException {
        assertThat(after.url()).isEqualTo(before.url());
        assertThat(after.fetch().status()).isEqualTo(AccountStatus.VALID);
        assertThatExceptionOfType(AcmeProblemException.class).isThrownBy(before::fetch);
        assertThat(client.findAccount(newKey)).map(Account::url).contains(before.url());
        assertThat(client.findAccount(oldKey)).isEmpty();
    }

    private void assertUnchanged(Account account) throws IOException {
        assertThat(account.fetch().status()).isEqualTo(AccountStatus.VALID);
        assertThat(client.findAccount(newKey)).isEmpty();
    }

    @Test
    void givesTheAccountAnotherKey() throws IOException {
        Account account = registered();

        Account renewed = account.changeKey(newKey, kept::add);

        assertThat(kept).containsExactly(newKey);
        assertThat(ca.log()).extracting(Request::endpoint).containsExactly(Endpoint.KEY_CHANGE, Endpoint.ACCOUNT);
        assertChanged(account, renewed);
    }

    @ParameterizedTest
    @EnumSource(names = {"EC_P384", "RSA_2048", "ED25519"})
    void mayBeToAKeyOfAnotherKind(KeyType type) throws IOException {
        Account renewed = registered().changeKey(type.generate(), kept::add);

        assertThat(renewed.fetch().status()).isEqualTo(AccountStatus.VALID);
    }

    @Test
    void mayBeToAKeyThatLivesElsewhere() throws IOException {
        Account account = registered();
        Signer signer = Signer.of(newKey);
        List<Signer> keptSigners = new ArrayList<>();

        Account renewed = account.changeKey(signer, keptSigners::add);

        assertThat(keptSigners).containsExactly(signer);
        assertChanged(account, renewed);
    }

    @Test
    void keepsTheNewKeyBeforeAnythingIsSent() throws IOException {
        Account account = registered();

        account.changeKey(newKey, key -> assertThat(ca.count()).isZero());

        assertThat(ca.count(Endpoint.KEY_CHANGE)).isEqualTo(1);
    }

    @Test
    void sendsNothingWhenTheNewKeyCannotBeKept() throws IOException {
        Account account = registered();

        assertThatIOException()
                .isThrownBy(() -> account.changeKey(newKey, key -> {
                    throw new IOException("disk full");
                }))
                .withMessage("disk full");
        assertThat(ca.count()).isZero();
    }

    @Test
    void refusesThePresentKey() throws IOException {
        Account account = registered();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> account.changeKey(oldKey, kept::add))
                .withMessageContaining("present one");
        assertThat(kept).isEmpty();
        assertThat(ca.count()).isZero();
    }

    @Test
    void saysThatTheNewKeyIsAnotherAccounts() throws IOException {
        Account account = registered();
        Account other = client.register(Registration.with(newKey).agreeToTerms());

        assertThatExceptionOfType(AcmeException.class)
                .isThrownBy(() -> account.changeKey(newKey, kept::add))
                .withMessageContaining("that of another account at this CA, " + other.url());
        assertThat(account.fetch().status()).isEqualTo(AccountStatus.VALID);
    }

    @Test
    void findsThatTheChangeTookEffectThoughTheReplyWasLost() throws IOException {
        Account account = registered();
        ca.fault(Endpoint.KEY_CHANGE, Fault.resetAfter());

        Account renewed = account.changeKey(newKey, kept::add);

        assertThat(ca.count(Endpoint.KEY_CHANGE)).isEqualTo(1);
        assertChanged(account, renewed);
    }

    @Test
    void triesAgainWhenTheChangeTookNoEffect() throws IOException {
        Account account = registered();
        ca.fault(Endpoint.KEY_CHANGE, Fault.resetBefore());
        ca.fault(Endpoint.KEY_CHANGE, Fault.status(502, "text/html", "<html>"));

        Account renewed = account.changeKey(newKey, kept::add);

        assertThat(ca.count(Endpoint.KEY_CHANGE)).isEqualTo(3);
        assertThat(kept).hasSize(1);
        assertChanged(account, renewed);
    }

    @Test
    void isFoundDoneWhenItIsAskedForOnceMoreAfterACrash() throws IOException {
        Account account = registered();
        account.changeKey(newKey, kept::add);

        Account renewed = account.changeKey(newKey, kept::add);

        assertChanged(account, renewed);
    }

    @Test
    void leavesTheOldKeyInForceWhenTheCaIsOutOfOrderForLong() throws IOException {
        Account account = registered();
        ca.fault(Endpoint.KEY_CHANGE, Fault.status(500, "text/html", "<html>"), 100);

        assertThatExceptionOfType(AcmeProblemException.class)
                .isThrownBy(() -> account.changeKey(newKey, kept::add))
                .withMessageContaining("changing key of account " + account.url())
                .matches(AcmeException::isRetryable);
        ca.clearFaults();
        assertUnchanged(account);
    }

    @Test
    void saysThatBothKeysMustBeKeptWhenNobodyKnowsWhichIsInForce() throws IOException {
        Account account = registered();
        ca.fault(Endpoint.KEY_CHANGE, Fault.resetAfter(), 100);
        ca.fault(Endpoint.NEW_ACCOUNT, Fault.resetBefore(), 100);

        assertThatExceptionOfType(AcmeConnectionException.class)
                .isThrownBy(() -> account.changeKey(newKey, kept::add))
                .withMessageContaining("it is not known whether the key of account " + account.url() + " was changed")
                .withMessageContaining("keep both keys")
                .matches(AcmeException::isRetryable);
        ca.clearFaults();
        assertChanged(account, account.changeKey(newKey, kept::add));
    }

    @Test
    void saysWhenTheAccountHasNeitherKey() throws IOException {
        Account account = registered();
        account.changeKey(TestClients.newKey(), kept::add);
        ca.fault(Endpoint.KEY_CHANGE, Fault.resetBefore());

        assertThatExceptionOfType(AcmeException.class)
                .isThrownBy(() -> account.changeKey(newKey, kept::add))
                .withMessageContaining("neither its old key nor the new one");
    }

    @Test
    void reportsARefusalInTheCasWords() throws IOException {
        Account account = registered();
        ca.fault(Endpoint.KEY_CHANGE, Fault.problem(400, "badPublicKey", "We do not like this key"));

        assertThatExceptionOfType(AcmeProblemException.class)
                .isThrownBy(() -> account.changeKey(newKey, kept::add))
                .withMessageContaining("We do not like this key");
        assertThat(ca.count(Endpoint.KEY_CHANGE)).isEqualTo(1);
        assertUnchanged(account);
    }

    @Test
    void reportsTheRefusalThoughTheKeyCannotBeLookedUp() throws IOException {
        Account account = registered();
        ca.fault(Endpoint.KEY_CHANGE, Fault.problem(400, "badPublicKey", "We do not like this key"));
        ca.fault(Endpoint.NEW_ACCOUNT, Fault.problem(403, "unauthorized", "Nor do we tell"));

        assertThatExceptionOfType(AcmeProblemException.class)
                .isThrownBy(() -> account.changeKey(newKey, kept::add))
                .withMessageContaining("We do not like this key")
                .satisfies(e -> assertThat(e.getSuppressed()).hasSize(1));
    }

    @Test
    void saysThatTheCaDoesNotOfferIt() throws IOException {
        ca.fault(Endpoint.DIRECTORY, Fault.json(directory -> directory.remove("keyChange")));
        Account account = registered();

        assertThatExceptionOfType(AcmeException.class)
                .isThrownBy(() -> account.changeKey(newKey, kept::add))
                .withMessageContaining("does not change the key of an account: register a new account");
        assertThat(kept).isEmpty();
        assertThat(ca.count()).isZero();
    }

    @Test
    void saysThatTheCaOffersItWithoutBeingAbleTo() throws IOException {
        Account account = registered();
        ca.fault(Endpoint.KEY_CHANGE, Fault.problem(501, "notImplemented", "Not here"), 100);

        assertThatExceptionOfType(AcmeException.class)
                .isThrownBy(() -> account.changeKey(newKey, kept::add))
                .withMessageContaining("does not change the key of an account: register a new account")
                .matches(e -> !e.isRetryable());
        assertThat(ca.count(Endpoint.KEY_CHANGE)).isEqualTo(1);
        assertUnchanged(account);
    }

    @Test
    void isNotDoneOnlyBecauseTheCaSaysSo() throws IOException {
        Account account = registered();
        ca.fault(Endpoint.KEY_CHANGE, Fault.status(200, "application/json", "{}"));

        assertThatExceptionOfType(AcmeProtocolException.class)
                .isThrownBy(() -> account.changeKey(newKey, kept::add))
                .withMessageContaining("does not accept the new key");
        assertUnchanged(account);
    }

    @Test
    void isDoneThoughTheCaIsOutOfOrderRightAfterIt() throws IOException {
        Account account = registered();
        ca.fault(Endpoint.ACCOUNT, Fault.status(503, "text/html", "<html>"), 100);

        Account renewed = account.changeKey(newKey, kept::add);

        ca.clearFaults();
        assertChanged(account, renewed);
    }

    @Test
    void isDoneThoughNoncesAreRefused() throws IOException {
        Account account = registered();
        ca.fault(Endpoint.KEY_CHANGE, Fault.badNonce(), 3);

        assertChanged(account, account.changeKey(newKey, kept::add));
    }

    private void assertNotKnown(Account account) {
        assertThatExceptionOfType(AcmeConnectionException.class)
                .isThrownBy(() -> account.changeKey(newKey, kept::add))
                .withMessageContaining("it is not known whether the key of account " + account.url() + " was changed")
                .withMessageContaining("keep both keys")
                .matches(AcmeException::isRetryable);
    }

    @ParameterizedTest
    @CsvSource({"503, serverInternal", "429, rateLimited"})
    void saysThatBothKeysMustBeKeptWhenTheChangeCannotBeConfirmed(int status, String type) throws IOException {
        Account account = registered();
        ca.fault(Endpoint.ACCOUNT, Fault.problem(status, type, "not now"), 100);
        ca.fault(Endpoint.NEW_ACCOUNT, Fault.problem(status, type, "not now"), 100);

        assertNotKnown(account);

        ca.clearFaults();
        assertChanged(account, account.changeKey(newKey, kept::add));
    }

    @Test
    void saysThatBothKeysMustBeKeptWhenWhatTheCaSaidCannotBeChecked() throws IOException {
        Account account = registered();
        ca.fault(Endpoint.ACCOUNT, Fault.problem(403, "unauthorized", "no"));
        ca.fault(Endpoint.NEW_ACCOUNT, Fault.problem(403, "unauthorized", "no"));

        assertNotKnown(account);
    }

    @Test
    void saysThatBothKeysMustBeKeptWhenTheCaContradictsItself() throws IOException {
        Account account = registered();
        ca.fault(Endpoint.ACCOUNT, Fault.problem(503, "serverInternal", "not now"), 100);
        ca.fault(Endpoint.NEW_ACCOUNT, Fault.problem(400, "accountDoesNotExist", "not yet"));

        assertNotKnown(account);
    }

    @Test
    void waitsAsLongAsTheCaAsksBeforeItLooks() throws IOException {
        Account account = registered();
        ca.fault(Endpoint.KEY_CHANGE, Fault.status(502, "text/html", "<html>", "Retry-After", "7"));

        assertChanged(account, account.changeKey(newKey, kept::add));
        assertThat(time.sleeps()).containsExactly(Duration.ofSeconds(7));
    }

    /** The account, at a CA that finds none by its key. */
    private Account withoutLookUp(Consumer<Account> change) throws IOException {
        Account account = registered();
        ca.fault(Endpoint.NEW_ACCOUNT, Fault.problem(400, "accountDoesNotExist", "never"), 100);
        Ca forgetful = new Ca("test", ca.directoryUrl(), CaQuirk.NO_ACCOUNT_LOOKUP);
        try (AcmeClient other =
                TestClients.builder(ca, forgetful).clock(time).sleeper(time).build()) {
            change.accept(other.account(account.url(), oldKey));
        }
        assertThat(ca.count(Endpoint.NEW_ACCOUNT)).isZero();
        ca.clearFaults();
        return account;
    }

    @Test
    void findsThatTheChangeTookEffectWhereNoAccountIsFoundByItsKey() throws IOException {
        ca.fault(Endpoint.KEY_CHANGE, Fault.resetAfter());

        Account account = withoutLookUp(present -> assertThatNoException()
                .isThrownBy(() ->
                        assertThat(present.changeKey(newKey, kept::add).url()).isEqualTo(present.url())));

        assertThat(ca.count(Endpoint.KEY_CHANGE)).isEqualTo(1);
        assertChanged(account, client.account(account.url(), newKey));
    }

    @Test
    void triesAgainWhereNoAccountIsFoundByItsKey() throws IOException {
        ca.fault(Endpoint.KEY_CHANGE, Fault.resetBefore());

        Account account = withoutLookUp(
                present -> assertThatNoException().isThrownBy(() -> present.changeKey(newKey, kept::add)));

        assertThat(ca.count(Endpoint.KEY_CHANGE)).isEqualTo(2);
        assertChanged(account, client.account(account.url(), newKey));
    }

    @Test
    void saysThatBothKeysMustBeKeptWhereNoAccountIsFoundByItsKey() throws IOException {
        ca.fault(Endpoint.KEY_CHANGE, Fault.resetAfter(), 100);
        ca.fault(Endpoint.ACCOUNT, Fault.problem(503, "serverInternal", "not now"), 100);

        withoutLookUp(this::assertNotKnown);
    }

    @ParameterizedTest
    @CsvSource({"503, serverInternal", "429, rateLimited", "400, malformed"})
    void isNotKnownWhereOnlyTheAccountCouldSayThatTheKeyWasChanged(int status, String type) throws IOException {
        ca.fault(Endpoint.KEY_CHANGE, Fault.status(200, "application/json", "{}"));
        refuseNewKey(1);
        ca.fault(Endpoint.ACCOUNT, Fault.problem(status, type, "not now"), 1_000);

        assertUnchanged(withoutLookUp(this::assertNotKnown));
    }

    private void refuseNewKey(int times) {
        ca.fault(Endpoint.ACCOUNT, Fault.problem(400, "malformed", "JWS verification error"), times);
    }

    @Test
    void isDoneOnceEveryServerOfTheCaAcceptsTheNewKey() throws IOException {
        Account account = registered();
        refuseNewKey(3);

        Account renewed = account.changeKey(newKey, kept::add);

        assertThat(renewed.fetch().status()).isEqualTo(AccountStatus.VALID);
        assertThat(ca.count(Endpoint.KEY_CHANGE)).isOne();
        Duration waited = time.sleeps().stream().reduce(Duration.ZERO, Duration::plus);
        assertThat(waited).isBetween(Duration.ofMillis(700), Duration.ofSeconds(5));
    }

    @Test
    void isAwaitedAfterALostReplyToo() throws IOException {
        Account account = registered();
        ca.fault(Endpoint.KEY_CHANGE, Fault.resetAfter());
        refuseNewKey(3);

        assertThat(account.changeKey(newKey, kept::add).fetch().status()).isEqualTo(AccountStatus.VALID);
    }

    @Test
    void isAwaitedWhereNoAccountIsFoundByItsKey() throws IOException {
        refuseNewKey(3);

        Account account = withoutLookUp(
                present -> assertThatNoException().isThrownBy(() -> present.changeKey(newKey, kept::add)));

        assertChanged(account, client.account(account.url(), newKey));
    }

    @Test
    void saysThatBothKeysMustBeKeptWhenTheNewOneIsNotAcceptedInTime() throws IOException {
        Account account = registered();
        refuseNewKey(1_000);

        assertThatExceptionOfType(AcmeConnectionException.class)
                .isThrownBy(() -> account.changeKey(newKey, kept::add))
                .withMessageContaining("has changed the key of account " + account.url())
                .withMessageContaining("keep both keys")
                .withMessageContaining("JWS verification error")
                .matches(AcmeException::isRetryable);

        Duration waited = time.sleeps().stream().reduce(Duration.ZERO, Duration::plus);
        assertThat(waited).isBetween(Duration.ofSeconds(29), Duration.ofSeconds(31));
        assertThat(ca.count(Endpoint.ACCOUNT)).isLessThan(15);
        ca.clearFaults();
        assertChanged(account, account.changeKey(newKey, kept::add));
    }

    @Test
    void howLongTheNewKeyIsWaitedForIsASetting() throws IOException {
        String url = registered().url();
        refuseNewKey(1_000);
        try (AcmeClient impatient =
                clientBuilder().propagation(Duration.ofSeconds(2)).build()) {
            assertThatExceptionOfType(AcmeConnectionException.class)
                    .isThrownBy(() -> impatient.account(url, oldKey).changeKey(newKey, kept::add));
        }

        assertThat(time.sleeps().stream().reduce(Duration.ZERO, Duration::plus)).isEqualTo(Duration.ofSeconds(2));
        assertThatIllegalArgumentException().isThrownBy(() -> clientBuilder().propagation(Duration.ofSeconds(-1)));
    }
}
