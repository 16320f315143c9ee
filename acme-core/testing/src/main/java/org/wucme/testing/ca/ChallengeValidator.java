package org.wucme.testing.ca;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.bouncycastle.util.encoders.Base32;
import org.jspecify.annotations.Nullable;

/** Looks whether a challenge was really met (RFC 8555 section 8, RFC 8737, RFC 8738, RFC 8823, and drafts). */
final class ChallengeValidator {
    private final Map<String, Set<String>> txt = new ConcurrentHashMap<>();
    private final Http01Check http01 = new Http01Check();
    private volatile @Nullable Validation validation;
    private final TlsAlpn01Check tlsAlpn01 = new TlsAlpn01Check();
    private final EmailReply00Check emailReply00 = new EmailReply00Check();
    private final DnsPersist01Check dnsPersist01;
    private volatile int http01Port;
    private volatile int tlsAlpn01Port;

    ChallengeValidator(Urls urls) {
        dnsPersist01 = new DnsPersist01Check(urls);
    }

    void validateBy(@Nullable Validation decision) {
        validation = decision;
    }

    void http01At(int port) {
        http01Port = port;
    }

    void tlsAlpn01At(int port) {
        tlsAlpn01Port = port;
    }

    void addTxt(String name, String value) {
        txt.computeIfAbsent(canonical(name), key -> ConcurrentHashMap.newKeySet())
                .add(value);
    }

    void removeTxt(String name, String value) {
        txt.getOrDefault(canonical(name), Set.of()).remove(value);
    }

    Set<String> txt(String name) {
        return Set.copyOf(txt.getOrDefault(canonical(name), Set.of()));
    }

    /** Receives a mail, which may be the reply to one of email-reply-00. */
    void mail(String subject, String body) {
        emailReply00.receive(subject, body);
    }

    /** Returns if the challenge was met, and says in a problem why not if it was not. */
    void validate(ChallengeAnswer answer) {
        Validation decision = validation;
        if (decision != null) {
            decide(decision, AnsweredChallenge.of(answer));
            return;
        }
        Identifier identifier = answer.identifier();
        switch (answer.type()) {
            case "http-01" -> http01.check(http01Port, answer.token(), identifier, answer.keyAuthorization());
            case "tls-alpn-01" -> tlsAlpn01.check(tlsAlpn01Port, identifier, answer.digest());
            case "dns-01" -> checkTxt("_acme-challenge." + identifier.value(), answer);
            case "dns-account-01" ->
                checkTxt("_" + accountLabel(answer.accountUrl()) + "._acme-challenge." + identifier.value(), answer);
            case "dns-persist-01" -> dnsPersist01.check(txt(DnsPersist01Check.recordName(identifier)), answer);
            case "email-reply-00" -> emailReply00.check(answer);
            case "device-attest-01" -> DeviceAttest01Check.check(answer);
            default -> throw new IllegalStateException(answer.type());
        }
    }

    private static void decide(Validation decision, AnsweredChallenge challenge) {
        Optional<String> type = decision.problemWith(challenge);
        if (type.isPresent()) {
            throw new Problem(403, type.get(), "TestCa was told that " + challenge + " is not met");
        }
    }

    private void checkTxt(String name, ChallengeAnswer answer) {
        String expected = Base64Url.encode(answer.digest());
        Set<String> found = txt(name);
        if (found.isEmpty()) {
            throw new Problem(400, "dns", "There is no TXT record at " + name);
        }
        if (!found.contains(expected)) {
            throw new Problem(
                    403, "incorrectResponse", "None of the " + found.size() + " TXT records at " + name + " fits");
        }
    }

    private static String canonical(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
    }

    /** The account's own label (draft-ietf-acme-dns-account-label-03). */
    private static String accountLabel(String accountUrl) {
        byte[] start = Arrays.copyOf(ChallengeAnswer.sha256(accountUrl), 10);
        return Base32.toBase32String(start).toLowerCase(Locale.ROOT);
    }
}
