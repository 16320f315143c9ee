package org.wucme.manage;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.wucme.acme.RenewalTime;
import org.wucme.acme.internal.text.OneLine;
import org.wucme.store.AriChoice;

/**
 * What a report says of a certificate that was issued. Immutable.
 *
 * @param issuer common name of the issuer, or its whole name if it has none
 * @param serial the serial number, hexadecimal
 * @param notBefore when it becomes valid
 * @param notAfter when it expires
 * @param renewal when it is to be renewed
 */
public record IssuedCertificate(
        String issuer, String serial, Instant notBefore, Instant notAfter, RenewalWindow renewal) {

    // A daily run that plans just before a certificate is due renews it a day later.
    private static final Duration USUAL_DELAY = Duration.ofHours(26);
    private static final int DELAY_PART = 5;
    private static final Pattern COMMON_NAME = Pattern.compile("CN=((?:\\\\.|[^,\\\\])+)");

    static IssuedCertificate of(X509Certificate leaf, Instant due, @Nullable AriChoice ari) {
        Instant end = leaf.getNotAfter().toInstant();
        return new IssuedCertificate(
                OneLine.of(issuerOf(leaf)),
                leaf.getSerialNumber().toString(16),
                leaf.getNotBefore().toInstant(),
                end,
                window(due, end, ari));
    }

    private static RenewalWindow window(Instant due, Instant end, @Nullable AriChoice ari) {
        RenewalTime time = ari == null ? null : ari.time();
        if (time == null || ari == null) {
            return new RenewalWindow(due, end, due, false, null);
        }
        String url = ari.explanationUrl();
        return new RenewalWindow(time.windowStart(), time.windowEnd(), due, true, url == null ? null : OneLine.of(url));
    }

    private static String issuerOf(X509Certificate leaf) {
        String name = leaf.getIssuerX500Principal().getName();
        Matcher commonName = COMMON_NAME.matcher(name);
        return commonName.find() ? commonName.group(1) : name;
    }

    /** How long it is valid in all. */
    public Duration lifetime() {
        return Duration.between(notBefore, notAfter);
    }

    /** How long it is still valid; negative if it has expired. */
    public Duration remaining(Instant now) {
        return Duration.between(now, notAfter);
    }

    /** From when on it is late: a manager, or a daily run, would have renewed it by then. */
    public Instant lateAt() {
        Duration part = lifetime().dividedBy(DELAY_PART);
        return renewal.due().plus(part.compareTo(USUAL_DELAY) < 0 ? part : USUAL_DELAY);
    }

    /** From when on there is an alarm that it expires soon, as long as it is not renewed. */
    public Instant alarmAt() {
        return new Validity(notBefore, notAfter).alarmAt();
    }

    CertificateStatus.State stateAt(Instant now) {
        if (now.isBefore(notBefore)) {
            return CertificateStatus.State.NOT_YET_VALID;
        }
        if (!now.isBefore(notAfter)) {
            return CertificateStatus.State.EXPIRED;
        }
        if (now.isAfter(alarmAt())) {
            return CertificateStatus.State.EXPIRES_SOON;
        }
        if (now.isAfter(lateAt())) {
            return CertificateStatus.State.LATE;
        }
        return now.isBefore(renewal.due()) ? CertificateStatus.State.CURRENT : CertificateStatus.State.DUE;
    }
}
