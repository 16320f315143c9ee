package org.wucme.acme.challenge;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.wucme.acme.Problem;

/**
 * Proof by replying to a mail of the CA, for identifiers of type {@code email} (RFC 8823). One half of the token comes
 * with the mail, the other with this challenge; the answer needs both.
 *
 * @param url where the client says that it is ready, once the reply is sent
 * @param tokenPart2 the second half of the token, random text by the CA, base64url
 * @param from the address that the CA's mail comes from; mails of others are none of its
 * @param status where the challenge stood
 * @param error why it failed, if it did
 */
public record EmailReply00(
        String url,
        String tokenPart2,
        String from,
        ChallengeStatus status,
        @Nullable Problem error) implements Challenge {

    /** The registered name of this type. */
    public static final String TYPE = "email-reply-00";

    private static final String SUBJECT_PREFIX = "ACME: ";
    // At least 128 bits, which are 22 characters.
    private static final Pattern SUBJECT = Pattern.compile("ACME:([A-Za-z0-9_-]{22,})");
    private static final Pattern WHITE_SPACE = Pattern.compile("\\s+");

    /**
     * The first half of the token, from the subject of the CA's mail (RFC 8823 section 3.1).
     *
     * @param subject decoded (RFC 2047), but perhaps still folded
     * @return empty if this is not the subject of such a mail
     */
    public static Optional<String> tokenPart1(String subject) {
        Matcher matcher = SUBJECT.matcher(WHITE_SPACE.matcher(subject).replaceAll(""));
        return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    /** The subject of the reply (RFC 8823 section 3.2). */
    public static String replySubject(String tokenPart1) {
        return "Re: " + SUBJECT_PREFIX + tokenPart1;
    }

    /**
     * The body of the reply, of type {@code text/plain}, its lines ended by CRLF (RFC 8823 section 3.2). The reply goes to
     * the mail's Reply-To or From, names the mail in In-Reply-To, and must be signed by DKIM.
     */
    public static String replyBody(KeyAuthorization answer) {
        return "-----BEGIN ACME RESPONSE-----\r\n" + answer.dnsValue() + "\r\n-----END ACME RESPONSE-----\r\n";
    }

    /**
     * The answer of an account, from both halves of the token as texts, joined (RFC 8823 section 3).
     *
     * @param tokenPart1 from the mail, as {@link #tokenPart1(String)} gives it
     */
    public KeyAuthorization keyAuthorization(String tokenPart1, AccountIdentity account) {
        return KeyAuthorization.of(tokenPart1 + tokenPart2, account.thumbprint());
    }

    @Override
    public String type() {
        return TYPE;
    }
}
