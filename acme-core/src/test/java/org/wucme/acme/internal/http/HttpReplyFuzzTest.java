package org.wucme.acme.internal.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.time.Duration;
import java.time.Instant;
import okhttp3.Headers;
import okio.ByteString;

/** Whatever stands in the header and the body of a reply, it is read or passed over, and nothing else happens. */
class HttpReplyFuzzTest {

    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

    private static HttpReply reply(int status, Headers.Builder headers, byte[] body) {
        return new HttpReply("https://ca.test/1", status, headers.build(), ByteString.of(body), NOW);
    }

    /** Two header fields, one a line. */
    private static HttpReply withHeaders(byte[] lines, String first, String second) {
        String[] values = new String(lines, ISO_8859_1).split("\n", 3);
        Headers.Builder headers = new Headers.Builder().addUnsafeNonAscii(first, values[0]);
        if (values.length > 1) {
            headers.addUnsafeNonAscii(second, values[1]);
        }
        return reply(200, headers, new byte[0]);
    }

    @FuzzTest
    void links(byte[] lines) {
        HttpReply reply = withHeaders(lines, "Link", "Link");

        assertThat(reply.links("alternate"))
                .allSatisfy(url -> assertThat(url).doesNotContain("<").doesNotContain(">"));
    }

    @FuzzTest
    void retryAfter(byte[] lines) {
        Instant retryAt = withHeaders(lines, "Retry-After", "Date").retryAfter();

        assertThat(retryAt == null ? NOW : retryAt).isBetween(NOW, NOW.plus(Duration.ofDays(365)));
    }

    @FuzzTest
    void nonce(byte[] line) {
        String nonce = withHeaders(line, "Replay-Nonce", "Link").nonce();

        assertThat(nonce == null ? "none" : nonce).matches("[A-Za-z0-9_-]{1,512}");
    }

    @FuzzTest
    void refusal(byte[] document) {
        assertThat(Refusals.toException("asking", reply(403, new Headers.Builder(), document)))
                .message()
                .startsWith("asking")
                .matches(words -> words.codePoints().noneMatch(Character::isISOControl));
    }
}
