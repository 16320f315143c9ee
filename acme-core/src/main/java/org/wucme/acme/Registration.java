package org.wucme.acme;

import java.security.KeyPair;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.wucme.acme.pki.Signer;

/** What a new account is made from (RFC 8555 section 7.3). Immutable: each method gives a new value. */
public final class Registration {

    private final Signer key;
    private final List<String> contacts;
    private final boolean termsAgreed;
    private final @Nullable ExternalAccount externalAccount;

    private Registration(
            Signer key, List<String> contacts, boolean termsAgreed, @Nullable ExternalAccount externalAccount) {
        this.key = Objects.requireNonNull(key, "key");
        this.contacts = contacts;
        this.termsAgreed = termsAgreed;
        this.externalAccount = externalAccount;
    }

    /** An account with this key, which must be no certificate's key (RFC 8555 section 11.1). */
    public static Registration with(KeyPair key) {
        return with(Signer.of(key));
    }

    /** An account with a key that signs where it lives; it must be no certificate's key (RFC 8555 section 11.1). */
    public static Registration with(Signer key) {
        return new Registration(key, List.of(), false, null);
    }

    /**
     * Adds a contact.
     *
     * @param url such as {@code mailto:hostmaster@example.org}; one address, no header fields
     * @throws IllegalArgumentException if it is no such URL
     */
    public Registration contact(String url) {
        List<String> more = new ArrayList<>(contacts);
        more.add(requireContact(url));
        return new Registration(key, List.copyOf(more), termsAgreed, externalAccount);
    }

    /**
     * Checks what is to be a {@link #contact} later.
     *
     * @return the same
     * @throws IllegalArgumentException if it is no such URL
     */
    public static String requireContact(String url) {
        return Contacts.requireValid(url);
    }

    /** Agrees to the CA's terms of service. Say so only when a human did. */
    public Registration agreeToTerms() {
        return new Registration(key, contacts, true, externalAccount);
    }

    /** Binds the new account to one that the CA knows already; null if there is none. */
    public Registration externalAccount(@Nullable ExternalAccount account) {
        return new Registration(key, contacts, termsAgreed, account);
    }

    Signer key() {
        return key;
    }

    List<String> contacts() {
        return contacts;
    }

    boolean termsAgreed() {
        return termsAgreed;
    }

    @Nullable
    ExternalAccount externalAccount() {
        return externalAccount;
    }
}
