package org.wucme.acme.internal.http;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import okhttp3.Headers;

/** How long a reply may be used without asking again, by what its server says (RFC 9111 sections 4.2 and 5). */
public final class Freshness {

    // Both forms are to be taken (RFC 9111 section 5.2); the whole is lower case by then.
    private static final Pattern MAX_AGE = Pattern.compile("max-age\\s*=\\s*\"?([^\"]*+)\"?");
    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,18}");
    private static final String CACHE_CONTROL = "Cache-Control";

    private Freshness() {}

    /**
     * How long, from when the reply was asked for.
     *
     * @param atMost the longest time, which is also that of a reply whose server says nothing
     * @return zero if it must not be kept, or not be used without asking; so for all that makes no sense
     */
    public static Duration of(HttpReply reply, Duration atMost) {
        List<String> directives = directives(reply.headers());
        if (directives.stream().anyMatch(Freshness::forbidsReuse)
                || reply.headers().values("Vary").contains("*")) {
            return Duration.ZERO;
        }
        Duration remaining = lifetime(reply, directives, atMost).minus(age(reply, atMost));
        if (remaining.isNegative()) {
            return Duration.ZERO;
        }
        return remaining.compareTo(atMost) > 0 ? atMost : remaining;
    }

    private static List<String> directives(Headers headers) {
        // Pragma is for what is older than Cache-Control, and counts where that is absent.
        List<String> lines = headers.values(headers.get(CACHE_CONTROL) == null ? "Pragma" : CACHE_CONTROL);
        return lines.stream()
                .flatMap(line -> List.of(line.split(",")).stream())
                .map(directive -> directive.strip().toLowerCase(Locale.ROOT))
                .toList();
    }

    // With or without the names of header fields that it is limited to: to keep less is always right.
    private static boolean forbidsReuse(String directive) {
        return directive.startsWith("no-store") || directive.startsWith("no-cache");
    }

    private static Duration lifetime(HttpReply reply, List<String> directives, Duration ifUnsaid) {
        List<String> ages = directives.stream()
                .map(MAX_AGE::matcher)
                .filter(Matcher::matches)
                .map(matcher -> matcher.group(1))
                .distinct()
                .toList();
        if (!ages.isEmpty()) {
            return ages.size() > 1 ? Duration.ZERO : seconds(ages.get(0)).orElse(Duration.ZERO);
        }
        if (reply.headers().get("Expires") == null) {
            return ifUnsaid;
        }
        return reply.timeUntilExpires().orElse(Duration.ZERO);
    }

    // By the header alone: the Date would bring the difference between both clocks in.
    private static Duration age(HttpReply reply, Duration ifAbsurd) {
        String age = reply.headers().get("Age");
        return age == null ? Duration.ZERO : seconds(age.strip()).orElse(ifAbsurd);
    }

    private static Optional<Duration> seconds(String text) {
        return SECONDS.matcher(text).matches()
                ? Optional.of(Duration.ofSeconds(Long.parseLong(text)))
                : Optional.empty();
    }
}
