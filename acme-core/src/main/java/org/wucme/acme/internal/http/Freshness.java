package org.wucme.acme.internal.http;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import okhttp3.Headers;

/**
 * How long the directory of a CA may be used without asking again, by what its server says (RFC 9111 sections 4.2 and 5).
 *
 * <p>A server can forbid to keep it, with {@code no-store}, or say for how long it is fresh. That it is to be revalidated each
 * time ({@code no-cache}, {@code max-age=0}, an {@code Expires} of the past) counts as if nothing was said. Let's Encrypt
 * sends that with its directory, as a rule for browsers and proxies, which cannot see that a directory is out of date. A client
 * of ACME can: it uses the URLs at once, and fetches the directory again as soon as a reply gives reason to doubt them. Nor does
 * it fetch the directory before each request while it runs, whatever the header says.
 */
public final class Freshness {

    // Both forms are to be taken (RFC 9111 section 5.2); the whole is lower case by then.
    private static final Pattern MAX_AGE = Pattern.compile("max-age\\s*=\\s*\"?([^\"]*+)\"?");
    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,18}");

    private Freshness() {}

    /**
     * How long, from when the reply was asked for.
     *
     * @param atMost the longest time, which is also that of a reply whose server says nothing, or nothing that makes sense
     * @return zero if it must not be kept, or has been kept by others for that long
     */
    public static Duration of(HttpReply reply, Duration atMost) {
        List<String> directives = directives(reply.headers());
        if (directives.stream().anyMatch(directive -> directive.startsWith("no-store"))
                || reply.headers().values("Vary").contains("*")) {
            return Duration.ZERO;
        }
        Duration remaining = lifetime(reply, directives).orElse(atMost).minus(age(reply, atMost));
        if (remaining.isNegative()) {
            return Duration.ZERO;
        }
        return remaining.compareTo(atMost) > 0 ? atMost : remaining;
    }

    private static List<String> directives(Headers headers) {
        return headers.values("Cache-Control").stream()
                .flatMap(line -> List.of(line.split(",")).stream())
                .map(directive -> directive.strip().toLowerCase(Locale.ROOT))
                .toList();
    }

    // The shortest of several; a max-age counts before an Expires, even one that says nothing to us.
    private static Optional<Duration> lifetime(HttpReply reply, List<String> directives) {
        List<String> ages = directives.stream()
                .map(MAX_AGE::matcher)
                .filter(Matcher::matches)
                .map(matcher -> matcher.group(1))
                .toList();
        Stream<Duration> said = ages.isEmpty()
                ? reply.timeUntilExpires().stream()
                : ages.stream().flatMap(age -> seconds(age).stream());
        return said.filter(time -> time.compareTo(Duration.ZERO) > 0).min(Comparator.naturalOrder());
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
