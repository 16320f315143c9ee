package org.wucme.testing;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Looks whether a challenge was really met (RFC 8555 section 8, RFC 8737, RFC 8738). */
final class ChallengeValidator {
    private final Map<String, Set<String>> txt = new ConcurrentHashMap<>();
    private final Http01Check http01 = new Http01Check();
    private final TlsAlpn01Check tlsAlpn01 = new TlsAlpn01Check();
    private volatile int http01Port;
    private volatile int tlsAlpn01Port;

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

    /** Returns if the challenge was met, and says in a problem why not if it was not. */
    void validate(String type, String token, Identifier identifier, String keyAuthorization) {
        switch (type) {
            case "http-01" -> http01.check(http01Port, token, identifier, keyAuthorization);
            case "tls-alpn-01" -> tlsAlpn01.check(tlsAlpn01Port, identifier, sha256(keyAuthorization));
            case "dns-01" -> checkDns01(identifier, Base64Url.encode(sha256(keyAuthorization)));
            default -> throw new IllegalStateException(type);
        }
    }

    private void checkDns01(Identifier identifier, String expected) {
        String name = "_acme-challenge." + identifier.value();
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

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.US_ASCII));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
