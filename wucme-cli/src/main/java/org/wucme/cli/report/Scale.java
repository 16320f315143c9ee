package org.wucme.cli.report;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.wucme.manage.IssuedCertificate;

/**
 * The time that a bar shows, from left to right: the life of a certificate, and a little more if now lies outside. What
 * lies further out is shown at the edge. Immutable.
 */
final class Scale {

    private static final int LONGEST_MARGIN_PART = 4;

    private final Instant begin;
    private final double length;

    Scale(IssuedCertificate life, Instant now) {
        Duration margin = life.lifetime().dividedBy(LONGEST_MARGIN_PART);
        Instant earliest = life.notBefore().minus(margin);
        Instant latest = life.notAfter().plus(margin);
        begin = clamp(now, earliest, life.notBefore());
        Instant end = clamp(now, life.notAfter(), latest);
        length = Math.max(1, Duration.between(begin, end).toMillis());
    }

    private static Instant clamp(Instant moment, Instant lowest, Instant highest) {
        if (moment.isBefore(lowest)) {
            return lowest;
        }
        return moment.isAfter(highest) ? highest : moment;
    }

    /** Where a moment is, from 0 to 100. */
    double percent(Instant moment) {
        double share = (moment.getEpochSecond() - begin.getEpochSecond()) * 1000.0 / length;
        return 100 * Math.min(1, Math.max(0, share));
    }

    /** Where a moment is, as a length of SVG. */
    String at(Instant moment) {
        return format(percent(moment));
    }

    /** How far apart two moments are, as a length of SVG. */
    String width(Instant from, Instant to) {
        return format(Math.max(0, percent(to) - percent(from)));
    }

    private static String format(double percent) {
        return String.format(Locale.ROOT, "%.2f%%", percent);
    }
}
