package org.wucme.acme.challenge;

import java.time.Instant;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;
import org.wucme.acme.Identifier;

/**
 * An answer to a challenge that is presented now, as a {@link ChallengeStore} keeps it: from token and thumbprint, every
 * process makes the text of http-01 and the certificate of tls-alpn-01 ({@link #keyAuthorization}). Immutable; contains no
 * secret, and is not printed in full.
 *
 * @param type the type of the challenge, such as {@link Http01#TYPE}
 * @param identifier whose control is proven
 * @param token the token of the challenge
 * @param thumbprint the base64url thumbprint of the account's public key (RFC 7638)
 * @param expires when the answer may be dropped, whether it was removed or not: some time after the attempt has ended
 */
public record PendingAnswer(String type, Identifier identifier, String token, String thumbprint, Instant expires) {

    private static final Pattern BASE64URL = Pattern.compile("[A-Za-z0-9_-]+");

    /** Requires token and thumbprint to be base64url: they become part of a response. */
    public PendingAnswer {
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(identifier, "identifier");
        Objects.requireNonNull(expires, "expires");
        requireBase64Url("token", token);
        requireBase64Url("thumbprint", thumbprint);
    }

    private static void requireBase64Url(String name, String text) {
        if (!BASE64URL.matcher(text).matches()) {
            throw new IllegalArgumentException("the " + name + " of an answer is not base64url");
        }
    }

    /** The answer of an account to a challenge. */
    public static PendingAnswer of(
            TokenChallenge challenge, Identifier identifier, AccountIdentity account, Instant expires) {
        return new PendingAnswer(challenge.type(), identifier, challenge.token(), account.thumbprint(), expires);
    }

    /**
     * What the CA names when it asks for this answer, and by which it is found: for tls-alpn-01 the {@linkplain
     * TlsAlpn01#serverName server name} in lower case, for http-01 and all other types the token.
     *
     * @throws IllegalArgumentException if the answer is for tls-alpn-01, and its identifier of type {@link Identifier#IP} is
     *     no address
     */
    public String key() {
        return type.equals(TlsAlpn01.TYPE) ? TlsAlpn01.serverName(identifier).toLowerCase(Locale.ROOT) : token;
    }

    /** The answer itself: the text of http-01, and the digest that the certificate of tls-alpn-01 carries. */
    public KeyAuthorization keyAuthorization() {
        return KeyAuthorization.of(token, thumbprint);
    }

    @Override
    public String toString() {
        return "PendingAnswer[" + type + " for " + identifier + ", expires " + expires + "]";
    }
}
