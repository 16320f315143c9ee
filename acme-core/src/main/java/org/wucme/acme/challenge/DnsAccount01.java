package org.wucme.acme.challenge;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.wucme.acme.Identifier;
import org.wucme.acme.Problem;
import org.wucme.acme.internal.octets.Sha256;

/**
 * Proof by a TXT record at a name that is the account's own, so that several accounts can be given a CNAME each. Based on
 * draft-ietf-acme-dns-account-label-03, and so outside semantic versioning.
 *
 * @param url where the client says that it is ready
 * @param token random text by the CA, base64url
 * @param status where the challenge stood
 * @param error why it failed, if it did
 */
public record DnsAccount01(
        String url,
        String token,
        ChallengeStatus status,
        @Nullable Problem error) implements TokenChallenge, DnsChallenge {

    /** The name of this type. */
    public static final String TYPE = "dns-account-01";

    private static final int OCTETS_IN_LABEL = 10;
    private static final int BITS_IN_DIGIT = 5;
    private static final String BASE32 = "abcdefghijklmnopqrstuvwxyz234567";

    /** Name of the TXT record, without a trailing dot: one for all challenges of an account for a name and its wildcard. */
    public static String recordName(Identifier identifier, AccountIdentity account) {
        return "_" + label(account.url()) + "." + Dns01.LABEL + "."
                + identifier.withoutWildcard().value();
    }

    /** The record: at {@link #recordName}, with {@link KeyAuthorization#dnsValue()}. */
    @Override
    public TxtRecord txtRecord(Identifier identifier, AccountIdentity account) {
        return new TxtRecord(
                recordName(identifier, account), keyAuthorization(account).dnsValue());
    }

    @Override
    public String type() {
        return TYPE;
    }

    // Ten octets make sixteen digits of base 32 (RFC 4648 section 6), without a rest to pad.
    private static String label(String accountUrl) {
        byte[] digest =
                Sha256.of(accountUrl.getBytes(StandardCharsets.US_ASCII)).octets();
        BigInteger number = new BigInteger(1, Arrays.copyOf(digest, OCTETS_IN_LABEL));
        StringBuilder label = new StringBuilder();
        for (int shift = OCTETS_IN_LABEL * Byte.SIZE - BITS_IN_DIGIT; shift >= 0; shift -= BITS_IN_DIGIT) {
            label.append(BASE32.charAt(number.shiftRight(shift).intValue() & (BASE32.length() - 1)));
        }
        return label.toString();
    }
}
