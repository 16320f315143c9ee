package org.wucme.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.wucme.acme.pki.KeyType;
import org.wucme.acme.pki.Signer;
import org.wucme.testing.Endpoint;
import org.wucme.testing.Fault;
import org.wucme.testing.Request;

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
}
