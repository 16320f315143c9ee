package org.wucme.manage;

import java.io.IOException;
import java.security.KeyPair;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wucme.acme.Account;
import org.wucme.acme.AcmeAccountException;
import org.wucme.acme.AcmeClient;
import org.wucme.acme.AcmeException;
import org.wucme.acme.AcmeProblemException;
import org.wucme.acme.Advice;
import org.wucme.acme.Registration;
import org.wucme.acme.pki.KeyType;
import org.wucme.store.CertificateStore;
import org.wucme.store.StoredAccount;

/** The accounts that a store holds, ready to be used at their CA. Thread-safe. */
final class Accounts {

    private static final Logger LOG = LoggerFactory.getLogger(Accounts.class);

    private final CertificateStore store;
    private final AccountTerms terms;
    private final Consumer<ManagerEvent> events;
    private final Map<String, CompletableFuture<Account>> beingFound = new ConcurrentHashMap<>();

    Accounts(CertificateStore store, AccountTerms terms, Consumer<ManagerEvent> events) {
        this.store = store;
        this.terms = terms;
        this.events = events;
    }

    /**
     * The account at the client's CA; empty if there is none. One of which only the key is known, as wµCME left it, is looked
     * up and its URL kept.
     */
    Optional<Account> find(AcmeClient client) throws IOException {
        String directoryUrl = client.ca().directoryUrl();
        StoredAccount stored = new AccountKeyChange(store, client).settled().orElse(null);
        if (stored == null) {
            return Optional.empty();
        }
        String url = stored.accountUrl();
        if (url != null) {
            return Optional.of(client.account(url, stored.keyPair()));
        }
        Optional<Account> found = client.findAccount(stored.keyPair());
        if (found.isPresent()) {
            store.saveAccount(new StoredAccount(directoryUrl, found.get().url(), stored.contacts(), stored.keyPair()));
        } else {
            LOG.info("the stored account key has no account at {}", directoryUrl);
        }
        return found;
    }

    /**
     * As {@link #find}; registers one if there is none and the terms say so. Threads that want the same account at once share
     * one.
     *
     * @throws NotConfiguredException if there is none
     */
    Account require(AcmeClient client) throws IOException {
        String directoryUrl = client.ca().directoryUrl();
        CompletableFuture<Account> mine = new CompletableFuture<>();
        CompletableFuture<Account> others = beingFound.putIfAbsent(directoryUrl, mine);
        if (others != null) {
            return await(others);
        }
        try {
            Account account = findOrRegister(client);
            mine.complete(account);
            return account;
        } catch (IOException | RuntimeException | Error e) {
            mine.completeExceptionally(e);
            throw e;
        } finally {
            beingFound.remove(directoryUrl, mine);
        }
    }

    /**
     * What a refusal means, if it may be about the account: the CA is asked.
     *
     * @return an {@link AcmeAccountException} if the account can no longer be used; one that says to try again if another
     *     process changes the account or its key, or was stopped in the midst of it; else the refusal
     */
    AcmeException explained(Account account, AcmeProblemException refusal) {
        if (!AccountStanding.mayExplain(refusal)) {
            return refusal;
        }
        AcmeClient client = account.client();
        String directoryUrl = client.ca().directoryUrl();
        try {
            StoredAccount stored = store.loadAccount(directoryUrl).orElse(null);
            if (stored == null) {
                return refusal;
            }
            if (isOf(account, stored) && isUsable(account, stored)) {
                return refusal;
            }
            return isBeingChanged(account)
                    ? beingChanged(account, refusal)
                    : new AcmeAccountException(directoryUrl, account.url(), refusal);
        } catch (IOException e) {
            refusal.addSuppressed(e);
            return refusal;
        }
    }

    private static boolean isOf(Account account, StoredAccount stored) {
        String url = Objects.requireNonNullElse(stored.accountUrl(), account.url());
        return account.client().account(url, stored.keyPair()).identity().equals(account.identity());
    }

    private static boolean isUsable(Account account, StoredAccount stored) throws IOException {
        String url = account.url();
        StoredAccount used = new StoredAccount(stored.directoryUrl(), url, stored.contacts(), stored.keyPair());
        return AccountStanding.ask(account.client(), used)
                .usable()
                .filter(present -> present.url().equals(url))
                .isPresent();
    }

    // The next key first: it is removed after the account is stored with it.
    private boolean isBeingChanged(Account account) throws IOException {
        String directoryUrl = account.client().ca().directoryUrl();
        return store.loadNextAccountKey(directoryUrl).isPresent()
                || store.loadAccount(directoryUrl)
                        .filter(stored -> !isOf(account, stored))
                        .isPresent();
    }

    private static AcmeException beingChanged(Account account, AcmeProblemException refusal) {
        return new AcmeException(
                "the key of account " + account.url()
                        + " is being changed, or a change of it was cut short; try again in a"
                        + " minute, and if it is refused then too, register a new account (" + refusal.getMessage()
                        + ")",
                refusal,
                Advice.RETRY);
    }

    private static Account await(CompletableFuture<Account> others) throws IOException {
        try {
            return others.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof IOException failure ? failure : new IOException(e.getCause());
        }
    }

    private Account findOrRegister(AcmeClient client) throws IOException {
        Optional<Account> found = find(client);
        if (found.isPresent()) {
            return found.get();
        }
        String directoryUrl = client.ca().directoryUrl();
        if (!mayRegister(client)) {
            throw new NotConfiguredException("no account is registered at " + directoryUrl + ": register first");
        }
        StoredAccount stored = store.loadAccount(directoryUrl).orElse(null);
        return register(client, stored == null ? KeyType.EC_P256.generate() : stored.keyPair());
    }

    private boolean mayRegister(AcmeClient client) throws IOException {
        return terms.areAgreed()
                || (terms.managed().contains(client.ca().directoryUrl())
                        && client.fetchCurrentDirectory().termsOfService() == null);
    }

    /**
     * Checks, before anything is written or ordered, that there is an account at each CA of which certificates are to be
     * obtained, or that one may be registered. A CA is asked for its directory only if its terms were not agreed to.
     *
     * @throws IllegalStateException if not
     * @throws IOException if the store cannot be read
     */
    void requireRegistrable(Clients clients) throws IOException {
        for (String directoryUrl : terms.managed()) {
            if (!terms.areAgreed() && store.loadAccount(directoryUrl).isEmpty()) {
                requireNoTerms(clients.at(directoryUrl));
            }
        }
    }

    private static void requireNoTerms(AcmeClient client) {
        String missing = "agreeToTerms() is missing, and there is no account at "
                + client.ca().directoryUrl() + " in the store";
        String page;
        try {
            page = client.fetchCurrentDirectory().termsOfService();
        } catch (IOException e) {
            throw new IllegalStateException(
                    missing + "; whether the CA has terms of service is not known: " + Failure.describe(e), e);
        }
        if (page != null) {
            throw new IllegalStateException(missing + "; its terms of service are at " + page);
        }
    }

    private Account register(AcmeClient client, KeyPair key) throws IOException {
        String directoryUrl = client.ca().directoryUrl();
        Registration registration =
                Registration.with(key).externalAccount(terms.externalAccounts().get(directoryUrl));
        if (terms.areAgreed()) {
            registration = registration.agreeToTerms();
        }
        for (String contact : terms.contacts()) {
            registration = registration.contact(contact);
        }
        // The key is kept first: should the CA's answer be lost, the same key finds the account again.
        save(directoryUrl, null, key);
        Account account = client.register(registration);
        save(directoryUrl, account.url(), key);
        LOG.info("registered account {} at {}", account.url(), directoryUrl);
        events.accept(new ManagerEvent.AccountRegistered(directoryUrl, account.url()));
        return account;
    }

    private void save(String directoryUrl, @Nullable String url, KeyPair key) throws IOException {
        store.saveAccount(new StoredAccount(directoryUrl, url, terms.contacts(), key));
    }
}
