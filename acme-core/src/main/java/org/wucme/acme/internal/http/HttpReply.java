package org.wucme.acme.internal.http;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import okhttp3.Headers;
import okhttp3.HttpUrl;
import okio.ByteString;
import org.jspecify.annotations.Nullable;
import org.wucme.acme.AcmeProtocolException;
import org.wucme.acme.ClockDifference;
import org.wucme.acme.internal.json.Json;
import org.wucme.acme.internal.json.Oddities;
import org.wucme.acme.internal.text.OneLine;

/**
 * What a CA answered, read to its end. Immutable.
 *
 * @param url what was asked for
 * @param receivedAt when, on this machine's clock
 */
public record HttpReply(String url, int status, Headers headers, ByteString body, Instant receivedAt) {

    // RFC 8555 is of March 2019.
    private static final Instant BEFORE_ACME = Instant.parse("2019-01-01T00:00:00Z");
    private static final Pattern URL_CHARACTERS = Pattern.compile("[!-~]{1,4096}");
    private static final int MOST_LINKS = 20;
    // All possessive: a long header must neither exhaust the stack nor take quadratic time.
    private static final String QUOTED = "\"((?:[^\"\\\\]|\\\\.)*+)\"";
    // One link: <URL> and its parameters up to a comma outside of quotes (RFC 8288 section 3).
    private static final Pattern LINK = Pattern.compile("<([^<>]*+)>((?:[^,\"]|" + QUOTED + ")*+)");
    private static final Pattern PARAMETER =
            Pattern.compile(";\\s*+([^\\s=;,\"]++)\\s*+=\\s*+(?:" + QUOTED + "|([^\\s;,\"]++))");

    /** Without headers and body, which hold nonces and more. */
    @Override
    public String toString() {
        return "HttpReply[" + url + ", " + status + "]";
    }

    /** Whether the status is 2xx. */
    public boolean isSuccess() {
        return status / 100 == 2;
    }

    /**
     * The body as an object.
     *
     * @param what names the document in error messages
     * @param oddities where members that cannot be read are logged
     */
    public Json json(String what, Oddities oddities) throws AcmeProtocolException {
        return Json.parse(body.toByteArray(), what, what + " at " + url, oddities);
    }

    /** The nonce that came along, if one did and it is well-formed. */
    public @Nullable String nonce() {
        String nonce = headers.get("Replay-Nonce");
        return nonce != null && Nonces.isWellFormed(nonce) ? nonce : null;
    }

    /** The identity of what was created or found. */
    public String location() throws AcmeProtocolException {
        String location = headers.get("Location");
        if (location == null || location.isEmpty()) {
            throw new AcmeProtocolException("the CA's reply from " + url + " lacks the Location header");
        }
        if (!isUrl(location)) {
            throw new AcmeProtocolException(
                    "the CA's reply from " + url + " has a Location that is no URL: " + OneLine.of(location));
        }
        return location.startsWith("/") ? resolved(location) : location;
    }

    // RFC 9110 section 10.2.2: a Location may be relative to what was asked for.
    private String resolved(String location) {
        HttpUrl base = HttpUrl.parse(url);
        HttpUrl absolute = base == null ? null : base.resolve(location);
        return absolute == null ? location : absolute.toString();
    }

    /** Whether a text has only what a URL may have (RFC 3986 section 2), and not too much: then it is harmless in a log, too. */
    public static boolean isUrl(String text) {
        return URL_CHARACTERS.matcher(text).matches();
    }

    /** When the CA wants to be asked again, on this machine's clock; never in the past. */
    public @Nullable Instant retryAfter() {
        String header = headers.get("Retry-After");
        return header == null ? null : RetryAfter.parse(header, date("Retry-After"), date("Date"), receivedAt);
    }

    /** From when it was sent until it expires, both by the server's clock; empty if it does not say both. */
    Optional<Duration> timeUntilExpires() {
        Instant sent = date("Date");
        Instant expires = date("Expires");
        return sent == null || expires == null ? Optional.empty() : Optional.of(Duration.between(sent, expires));
    }

    /**
     * The CA's clock beside this machine's. Null if the CA did not say, or not in a way that can be believed: the reply may be
     * a cache's (RFC 9111 section 5.1) or a proxy's, and no clock of an ACME CA is of a time before ACME.
     */
    @Nullable
    ClockDifference clockDifference() {
        Instant theirs = date("Date");
        boolean isCurrent = isSuccess() && headers.get("Age") == null;
        return theirs == null || !isCurrent || theirs.isBefore(BEFORE_ACME)
                ? null
                : new ClockDifference(receivedAt, theirs);
    }

    /** The URLs of all links with the given relation, as the CA wrote them. */
    public List<String> links(String relation) {
        List<String> urls = new ArrayList<>();
        for (String header : headers.values("Link")) {
            Matcher link = LINK.matcher(header);
            while (link.find()) {
                if (hasRelation(link.group(2), relation) && isUrl(link.group(1)) && urls.size() < MOST_LINKS) {
                    urls.add(link.group(1));
                }
            }
        }
        return urls;
    }

    private static boolean hasRelation(String parameters, String relation) {
        Matcher parameter = PARAMETER.matcher(parameters);
        while (parameter.find()) {
            if (parameter.group(1).equalsIgnoreCase("rel")) {
                String relations = parameter.group(2) != null ? parameter.group(2) : parameter.group(3);
                // Only the first one counts (RFC 8288 section 3.3).
                return Arrays.stream(relations.split("\\s+")).anyMatch(relation::equalsIgnoreCase);
            }
        }
        return false;
    }

    private @Nullable Instant date(String header) {
        Date date = headers.getDate(header);
        return date == null ? null : date.toInstant();
    }
}
