package org.wucme.manage;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import org.wucme.store.DueDate;

/** When a certificate is valid, and what follows from that alone. Immutable. */
final class Validity {

    private static final int ALARM_PART = 10;
    private static final int LAST_PART = 20;
    private static final int FRESH_PART = 3;
    private static final int SHORTEST_FRESH_PART = 100;
    private static final int LAST_PART_IF_SHORT = 4;
    private static final long ENOUGH_SECONDS = 60;
    private static final int LAST_WAKES = 3;
    private static final long NANOS_PER_SECOND = 1_000_000_000;

    private final Instant begin;
    private final Instant end;
    private final Duration lifetime;
    private final Instant dueAt;
    private final long lastSeconds;

    Validity(Instant begin, Instant end) {
        this.begin = begin;
        this.end = end;
        this.lifetime = Duration.between(begin, end);
        this.dueAt = DueDate.byAge(begin, end);
        long seconds = lifetime.toSeconds();
        this.lastSeconds = Math.max(seconds / LAST_PART, Math.min(seconds / LAST_PART_IF_SHORT, ENOUGH_SECONDS));
    }

    static Validity of(X509Certificate certificate) {
        return new Validity(
                certificate.getNotBefore().toInstant(),
                certificate.getNotAfter().toInstant());
    }

    Instant begin() {
        return begin;
    }

    Instant end() {
        return end;
    }

    Duration lifetime() {
        return lifetime;
    }

    /** From when on it is due if the CA suggests nothing: a third of the lifetime left, or half if that is under ten days. */
    Instant dueAt() {
        return dueAt;
    }

    /**
     * Until when it counts as just obtained: a third of what was left of the lifetime when it was obtained, and at least a
     * hundredth of the lifetime, however little was left by the clock of this machine.
     *
     * @param obtained by this machine's clock
     */
    Instant freshUntil(Instant obtained) {
        Duration third = part(Duration.between(obtained, end), FRESH_PART);
        Duration least = part(lifetime, SHORTEST_FRESH_PART);
        return obtained.plus(third.compareTo(least) > 0 ? third : least);
    }

    /** From when on it is alarming that it was not renewed: a tenth of the lifetime left. */
    Instant alarmAt() {
        return end.minus(part(lifetime, ALARM_PART));
    }

    /**
     * From when on it is renewed whatever the CA suggests: a twentieth of the lifetime left, or but a few wakes. Of a lifetime
     * of minutes or seconds, in which a restart of a server takes a large part, it is a minute or a quarter. Where a few wakes
     * are more than half of the lifetime, it is half, or the last wake at which a twentieth is left.
     */
    Instant lastCallAt(Instant now, Instant nextWake) {
        long interval = nextWake.getEpochSecond() - now.getEpochSecond();
        long half = lifetime.toSeconds() / 2;
        long wakes = interval * LAST_WAKES <= half ? interval * LAST_WAKES : Math.max(half, interval + lastSeconds);
        return end.minusSeconds(Math.max(lastSeconds, wakes));
    }

    // Duration.dividedBy calculates with BigDecimal, which is most of what planning ten thousand certificates costs.
    private static Duration part(Duration whole, int divisor) {
        long seconds = whole.getSeconds();
        return Duration.ofSeconds(
                seconds / divisor, (seconds % divisor * NANOS_PER_SECOND + whole.getNano()) / divisor);
    }

    @Override
    public String toString() {
        return "Validity[" + begin + ", " + end + "]";
    }
}
