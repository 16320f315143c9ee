package org.wucme.cli.report;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.wucme.acme.RenewalTime;
import org.wucme.store.AriChoice;

/**
 * The life of one certificate.
 *
 * @param issuer common name of the issuer, or its whole name if it has none
 * @param serial the serial number, hexadecimal
 * @param notBefore from when it is valid
 * @param notAfter until when
 * @param renewal when it is to be renewed
 */
public record Life(String issuer, String serial, Instant notBefore, Instant notAfter, RenewalWindow renewal) {

    private static final Pattern COMMON_NAME = Pattern.compile("CN=((?:\\\\.|[^,\\\\])+)");

    static Life of(X509Certificate leaf, Instant due, @Nullable AriChoice ari) {
        Instant end = leaf.getNotAfter().toInstant();
        return new Life(
                issuerOf(leaf),
                leaf.getSerialNumber().toString(16),
                leaf.getNotBefore().toInstant(),
                end,
                window(due, end, ari));
    }

    /** How long it is in all. */
    public Duration length() {
        return Duration.between(notBefore, notAfter);
    }

    private static RenewalWindow window(Instant due, Instant end, @Nullable AriChoice ari) {
        RenewalTime time = ari == null ? null : ari.time();
        return time == null || ari == null
                ? new RenewalWindow(due, end, due, false, null)
                : new RenewalWindow(time.windowStart(), time.windowEnd(), due, true, ari.explanationUrl());
    }

    private static String issuerOf(X509Certificate leaf) {
        String name = leaf.getIssuerX500Principal().getName();
        Matcher commonName = COMMON_NAME.matcher(name);
        return commonName.find() ? commonName.group(1) : name;
    }
}
