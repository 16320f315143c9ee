package org.wucme.acme;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wucme.acme.internal.http.Backoff;
import org.wucme.acme.internal.http.Refusals;
import org.wucme.acme.internal.http.SignedRequest;
import org.wucme.acme.internal.jose.JwsKey;
import org.wucme.acme.internal.json.Json;

/**
 * The change of an account's key (RFC 8555 section 7.3.5). Whatever the CA answers, or fails to, the account is looked up by
 * its keys before anybody is told that it did not work: so a change that did is found, even one of an earlier run.
 */
final class KeyRollover {

    private static final Logger LOG = LoggerFactory.getLogger(KeyRollover.class);

    private final AcmeClient client;
    private final String accountUrl;
    private final JwsKey oldKey;
    private final JwsKey newKey;

    KeyRollover(AcmeClient client, String accountUrl, JwsKey oldKey, JwsKey newKey) {
        if (newKey.isSameAs(oldKey)) {
            throw new IllegalArgumentException("the new key is the account's present one: make another");
        }
        this.client = client;
        this.accountUrl = accountUrl;
        this.oldKey = oldKey;
        this.newKey = newKey;
    }

    /** What must be done before anything is sent. */
    interface Preparation {
        void prepare() throws IOException;
    }

    Account run(Preparation preparation) throws IOException {
        client.using(this::keyChange, url -> url);
        preparation.prepare();
        return client.using(this::keyChange, url -> send(request(url)));
    }

    private String keyChange(Directory directory) throws AcmeException {
        String url = directory.keyChange();
        if (url == null) {
            throw new NotOfferedException(notOffered());
        }
        return url;
    }

    private Account send(SignedRequest request) throws IOException {
        Backoff backoff = client.transport().newBackoff();
        while (true) {
            AcmeException failure;
            try {
                client.post(request);
                break;
            } catch (AcmeException e) {
                failure = e;
            }
            requireOffered(failure);
            boolean unknown = Refusals.mayHaveTakenEffect(failure);
            // What was cut off may still be on its way.
            boolean again = unknown && client.transport().pause(failure, backoff);
            Optional<Account> renewed = lookUp(unknown, failure);
            if (renewed.isPresent()) {
                return awaitAccepted(renewed.get());
            }
            if (!again) {
                throw failure;
            }
        }
        return confirmed();
    }

    // Once the old key is thrown away there is no way back, and a CA may say 200 and change nothing: Pebble does,
    // when the key is another account's.
    private Account confirmed() throws IOException {
        try {
            return fetched(newKey);
        } catch (AcmeException e) {
            boolean refused = isRefusalOfKey(e);
            if (refused && client.ca().has(CaQuirk.NO_ACCOUNT_LOOKUP)) {
                return awaitConfirmed(new Account(client, accountUrl, newKey));
            }
            AcmeException failure = refused ? notAccepted(e) : notKnown(e);
            Account changed = lookUp(refused, failure).orElseThrow(() -> failure);
            return refused ? awaitAccepted(changed) : changed;
        }
    }

    // Of an account whose key was found to have changed.
    private Account awaitAccepted(Account changed) throws IOException {
        try {
            awaitFetched(changed);
        } catch (AcmeException e) {
            if (isRefusalOfKey(e)) {
                throw notAcceptedYet(e);
            }
        }
        return changed;
    }

    // Where no account is found by its key, only its acceptance says that the key was changed.
    private Account awaitConfirmed(Account perhapsChanged) throws IOException {
        try {
            awaitFetched(perhapsChanged);
        } catch (AcmeException e) {
            throw notKnown(e);
        }
        return perhapsChanged;
    }

    // Servers of a CA may remember the old key for some seconds, and refuse all that is signed with the new one.
    private void awaitFetched(Account account) throws IOException {
        Backoff backoff = client.newPropagationBackoff();
        while (true) {
            try {
                account.fetch();
                return;
            } catch (AcmeException e) {
                if (!isRefusalOfKey(e) || !backoff.allowsRetry()) {
                    throw e;
                }
                LOG.info("the CA does not accept the new key of account {} yet; waiting", accountUrl);
                backoff.sleep();
            }
        }
    }

    private AcmeException notAcceptedYet(AcmeException cause) {
        return new AcmeConnectionException(
                "the CA has changed the key of account " + accountUrl
                        + ", but does not accept the new key there yet: keep both keys, and change it to the same key once"
                        + " more in some minutes (" + cause.getMessage() + ")",
                cause,
                true);
    }

    private Account fetched(JwsKey key) throws IOException {
        Account account = new Account(client, accountUrl, key);
        account.fetch();
        return account;
    }

    private static boolean isRefusalOfKey(AcmeException failure) {
        return failure instanceof AcmeProblemException
                && !failure.isRetryable()
                && !(failure instanceof AcmeUserActionException);
    }

    private AcmeException notAccepted(AcmeException cause) {
        return new AcmeProtocolException(
                "the CA said that it changed the key of account " + accountUrl + ", but does not accept the new key: "
                        + cause.getMessage(),
                cause);
    }

    private SignedRequest request(String url) throws IOException {
        Map<String, Object> change = new LinkedHashMap<>();
        change.put("account", accountUrl);
        change.put("oldKey", oldKey.jwk());
        byte[] inner = Json.encode(newKey.signInner(url, Json.encode(change)));
        return SignedRequest.post(
                "changing key of account " + accountUrl + " at " + url, url, oldKey, accountUrl, inner);
    }

    // The account with its new key; empty if the old one is still in force.
    private Optional<Account> lookUp(boolean unknown, AcmeException failure) throws IOException {
        try {
            Optional<Account> holder = holder(newKey);
            if (holder.isPresent()) {
                return Optional.of(requireOurs(holder.get(), failure));
            }
            if (unknown && holder(oldKey).isEmpty()) {
                throw new AcmeException(
                        "the account " + accountUrl + " has neither its old key nor the new one", failure);
            }
            return Optional.empty();
        } catch (AcmeProblemException | AcmeConnectionException | AcmeProtocolException e) {
            failure.addSuppressed(e);
            if (!unknown) {
                throw failure;
            }
            throw notKnown(failure);
        }
    }

    // Where no account is found by its key, finding none says nothing: the account itself is asked.
    private Optional<Account> holder(JwsKey key) throws IOException {
        if (!client.ca().has(CaQuirk.NO_ACCOUNT_LOOKUP)) {
            return client.findAccount(key);
        }
        try {
            return Optional.of(fetched(key));
        } catch (AcmeException e) {
            if (isRefusalOfKey(e)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private AcmeException notKnown(AcmeException failure) {
        return new AcmeConnectionException(
                "it is not known whether the key of account " + accountUrl
                        + " was changed: keep both keys, and change it to the same key once more later ("
                        + failure.getMessage() + ")",
                failure,
                true);
    }

    private Account requireOurs(Account holder, AcmeException failure) throws AcmeException {
        if (!holder.url().equals(accountUrl)) {
            throw new AcmeException(
                    "the new key is that of another account at this CA, " + holder.url() + ": make a new one", failure);
        }
        return holder;
    }

    private void requireOffered(AcmeException failure) throws AcmeException {
        if (failure instanceof AcmeProblemException refusal && refusal.problem().isNotImplemented()) {
            throw new AcmeException(notOffered(), refusal);
        }
    }

    private String notOffered() {
        return "the CA at " + client.ca().directoryUrl()
                + " does not change the key of an account: register a new account with the new key instead";
    }
}
