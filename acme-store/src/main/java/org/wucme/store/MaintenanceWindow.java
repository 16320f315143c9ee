package org.wucme.store;

import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.format.ResolverStyle;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The hours of the week in which certificates are renewed, such as at night or on weekends. Immutable.
 *
 * <pre>{@code
 * MaintenanceWindow.of("Mon-Fri 22:00-04:00, Sat-Sun 00:00-24:00 Europe/Berlin")
 * }</pre>
 *
 * @param hours when it is open; at least one
 * @param zone the time zone of days and hours
 */
public record MaintenanceWindow(List<Hours> hours, ZoneId zone) {

    private static final String DAILY = "daily";
    private static final Pattern HOURS = Pattern.compile("(?:(\\S+)\\s+)?(\\d\\d:\\d\\d)-(\\d\\d:\\d\\d)");
    private static final Pattern ZONE = Pattern.compile("\\s+([A-Za-z][A-Za-z0-9_+/:-]*)$");
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm", Locale.ROOT).withResolverStyle(ResolverStyle.STRICT);
    private static final String MIDNIGHT = "24:00";
    // A week, and the day before it, whose hours may reach into it.
    private static final int DAYS_TO_SEARCH = 8;

    /**
     * The same hours of some days.
     *
     * @param days on which it opens; at least one
     * @param from when it opens
     * @param until when it closes: on the next day if this is not after {@code from}
     */
    public record Hours(Set<DayOfWeek> days, LocalTime from, LocalTime until) {

        public Hours {
            days = Collections.unmodifiableSet(EnumSet.copyOf(days));
        }

        private Span on(LocalDate day, ZoneId zone) {
            ZonedDateTime opens = ZonedDateTime.of(day, from, zone);
            ZonedDateTime closes = ZonedDateTime.of(until.isAfter(from) ? day : day.plusDays(1), until, zone);
            // Hours that clocks skip (daylight saving time) are as long as on other days, and come after the gap.
            return new Span(
                    opens.toInstant(),
                    closes.isAfter(opens)
                            ? closes.toInstant()
                            : opens.toInstant().plus(length()));
        }

        private Duration length() {
            Duration length = Duration.between(from, until);
            return until.isAfter(from) ? length : length.plusDays(1);
        }

        @Override
        public String toString() {
            return dayNames() + " " + TIME.format(from) + "-"
                    + (until.equals(LocalTime.MIDNIGHT) ? MIDNIGHT : TIME.format(until));
        }

        private String dayNames() {
            if (days.size() == DayOfWeek.values().length) {
                return DAILY;
            }
            List<String> ranges = new ArrayList<>();
            for (DayOfWeek first : days) {
                if (!days.contains(first.minus(1))) {
                    ranges.add(rangeFrom(first));
                }
            }
            return String.join("+", ranges);
        }

        private String rangeFrom(DayOfWeek first) {
            DayOfWeek last = first;
            while (days.contains(last.plus(1))) {
                last = last.plus(1);
            }
            return last == first ? shortName(first) : shortName(first) + "-" + shortName(last);
        }
    }

    private record Span(Instant opens, Instant closes) {}

    public MaintenanceWindow {
        hours = List.copyOf(hours);
        if (hours.isEmpty()) {
            throw new IllegalArgumentException("a maintenance window has at least some hours of one day");
        }
    }

    /**
     * From its text: days, hours and, at the end, a time zone; {@link #toString} gives it back. Days are {@code Mon} to {@code
     * Sun}, a range such as {@code Mon-Fri}, several joined by {@code +}, or {@code daily}, which is the default. Hours that
     * close at or before they open reach into the next day. Several are separated by commas.
     *
     * @param text such as {@code 02:00-05:00}, {@code Sat+Sun 00:00-24:00 UTC} or {@code Mon-Fri 22:00-04:00, Sun 02:00-06:00}
     * @param usual the time zone if the text has none
     * @throws IllegalArgumentException if it is none of these; the message says what is expected
     */
    public static MaintenanceWindow of(String text, ZoneId usual) {
        String trimmed = text.trim();
        Matcher named = ZONE.matcher(trimmed);
        boolean hasZone = named.find();
        ZoneId zone = hasZone ? zone(named.group(1)) : usual;
        String hours = hasZone ? trimmed.substring(0, named.start()) : trimmed;
        return new MaintenanceWindow(
                Stream.of(hours.split(",", -1))
                        .map(part -> hours(part.trim(), text))
                        .toList(),
                zone);
    }

    private static ZoneId zone(String name) {
        try {
            return ZoneId.of(name);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(
                    "\"" + name + "\" is no time zone: write one such as Europe/Berlin or UTC", e);
        }
    }

    private static Hours hours(String part, String whole) {
        Matcher matcher = HOURS.matcher(part);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("\"" + whole
                    + "\" is no maintenance window: write days, hours and a time zone, such as"
                    + " \"Mon-Fri 22:00-04:00, Sun 02:00-06:00 Europe/Berlin\" or \"daily 02:00-05:00\"");
        }
        String days = matcher.group(1);
        return new Hours(days(days == null ? DAILY : days), time(matcher.group(2)), time(matcher.group(3)));
    }

    private static LocalTime time(String text) {
        try {
            return text.equals(MIDNIGHT) ? LocalTime.MIDNIGHT : LocalTime.parse(text, TIME);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(
                    "\"" + text + "\" is no time of the day: write it from 00:00 to 24:00", e);
        }
    }

    private static Set<DayOfWeek> days(String text) {
        if (text.equalsIgnoreCase(DAILY)) {
            return EnumSet.allOf(DayOfWeek.class);
        }
        Set<DayOfWeek> days = EnumSet.noneOf(DayOfWeek.class);
        for (String range : text.split("\\+", -1)) {
            String[] ends = range.split("-", 2);
            DayOfWeek last = day(ends[ends.length - 1]);
            for (DayOfWeek day = day(ends[0]); ; day = day.plus(1)) {
                days.add(day);
                if (day == last) {
                    break;
                }
            }
        }
        return days;
    }

    private static DayOfWeek day(String name) {
        return Stream.of(DayOfWeek.values())
                .filter(day ->
                        shortName(day).equalsIgnoreCase(name) || day.name().equalsIgnoreCase(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "\"" + name + "\" is no day of the week: write Mon, Tue, Wed, Thu, Fri, Sat, Sun or daily"));
    }

    // Not of the locale: the same text must be read everywhere.
    private static String shortName(DayOfWeek day) {
        return day.name().charAt(0) + day.name().substring(1, 3).toLowerCase(Locale.ROOT);
    }

    /** Whether it is open at a moment. */
    public boolean isOpen(Instant moment) {
        return spansFrom(moment).stream().anyMatch(span -> !span.opens().isAfter(moment));
    }

    /** The first moment, not before the given one, at which it is open: the given one if it is open then. */
    public Instant nextOpen(Instant moment) {
        return spansFrom(moment).stream()
                .map(span -> span.opens().isBefore(moment) ? moment : span.opens())
                .min(Instant::compareTo)
                .orElseThrow();
    }

    // Those that close after a moment, of the day before and of the week to come.
    private List<Span> spansFrom(Instant moment) {
        LocalDate today = moment.atZone(zone).toLocalDate();
        List<Span> spans = new ArrayList<>();
        for (LocalDate day = today.minusDays(1); !day.isAfter(today.plusDays(DAYS_TO_SEARCH)); day = day.plusDays(1)) {
            for (Hours each : hours) {
                if (each.days().contains(day.getDayOfWeek())) {
                    spans.add(each.on(day, zone));
                }
            }
        }
        spans.removeIf(span -> !span.closes().isAfter(moment));
        return spans;
    }

    /** As {@link #of} reads it. */
    @Override
    public String toString() {
        return hours.stream().map(Hours::toString).collect(Collectors.joining(", ")) + " " + zone.getId();
    }
}
