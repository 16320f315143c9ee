package org.wucme.acme.internal.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Instant;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import okhttp3.Headers;
import okio.ByteString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.wucme.acme.AcmeProtocolException;
import org.wucme.acme.internal.json.Oddities;

/** What is read from headers: links (RFC 8288), Location, nonces. */
class HttpReplyTest {

    private static final String URL = "https://ca.example/acme/x";

    @Test
    void linksComeFromAllHeadersInTheirOrder() {
        HttpReply reply = reply(
                "Link", "<https://ca.example/1>;rel=\"alternate\", <https://ca.example/dir>;rel=\"index\"",
                "link", "<https://ca.example/2>; rel=alternate",
                "Link", "<https://ca.example/3>;rel=\"alternate\"");
        assertThat(reply.links("alternate"))
                .containsExactly("https://ca.example/1", "https://ca.example/2", "https://ca.example/3");
        assertThat(reply.links("index")).containsExactly("https://ca.example/dir");
        assertThat(reply.links("next")).isEmpty();
        assertThat(reply().links("next")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<https://ca.example/n>;rel=\"next\"",
                "<https://ca.example/n>; rel=next",
                "<https://ca.example/n> ; REL = \"next\"",
                "<https://ca.example/n>;rel=\"prev next\"",
                "<https://ca.example/n>;rel=\" next  up \"",
                "<https://ca.example/n>;rel=\"Next\"",
                "<https://ca.example/n>;title=\"a, b\";rel=\"next\"",
                "<https://ca.example/n>;title=\"; rel=up\";rel=\"next\"",
                "<https://ca.example/n>;title=\"say \\\"; rel=up\\\", ok\";rel=\"next\"",
                "<https://ca.example/n>;rel=next;rel=up",
                "<https://ca.example/n>;x-rel=up;rel=next;type=text/html",
                "<https://ca.example/1>;rel=up,<https://ca.example/n>;rel=next",
                "<https://ca.example/1>;title=\"<https://ca.example/2>;rel=next\";rel=up, <https://ca.example/n>;rel=next",
                "<https://ca.example/1>,<https://ca.example/n>;rel=next"
            })
    void theRelationIsFoundInEveryFormOfRfc8288(String header) {
        assertThat(reply("Link", header).links("next")).containsExactly("https://ca.example/n");
    }

    @Test
    void aUrlMayHoldCommasAndSemicolons() {
        assertThat(reply("Link", "<https://ca.example/a,b;rel=x,c>;rel=next").links("next"))
                .containsExactly("https://ca.example/a,b;rel=x,c");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "https://ca.example/n;rel=next",
                "<https://ca.example/n",
                "<https://ca.example/n>",
                "<https://ca.example/n>;rel",
                "<https://ca.example/n>;rel=",
                "<https://ca.example/n>;rev=next",
                "<https://ca.example/n>;rel=nextnext",
                "<https://ca.example/n>;rel=up;rel=next",
                "<https://ca.example/n>;title=\"rel=next\"",
                "<https://ca.example/n>;title=\";rel=next\"",
                "<https://ca.example/n>;rel=\"next"
            })
    void whatIsNoSuchLinkIsPassedOver(String header) {
        assertThat(reply("Link", header).links("next")).isEmpty();
    }

    @Test
    void aHeaderAsLongAsTheyGetIsSurvived() {
        for (String filler : new String[] {"x", "\"\"", "\"", ";rel=x", "<", "<>", "\"\\", ","}) {
            String header = "<https://ca.example/n>;" + filler.repeat(200_000 / filler.length());
            assertThat(reply("Link", header).links("next")).isEmpty();
        }
    }

    @Property
    void anyHeaderIsSurvived(@ForAll String header) {
        assertThat(reply("Link", header).links("next")).isEmpty();
    }

    @Test
    void aLocationIsKeptByteForByte() throws AcmeProtocolException {
        String url = "HTTPS://CA.example:443/acct/../acct/%7e1?x=a|b";
        assertThat(reply("Location", url).location()).isEqualTo(url);
    }

    @Test
    void aMissingLocationIsTheCasFault() {
        for (HttpReply reply : new HttpReply[] {reply(), reply("Location", "")}) {
            assertThatExceptionOfType(AcmeProtocolException.class)
                    .isThrownBy(reply::location)
                    .withMessageContaining(URL)
                    .withMessageContaining("Location");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"https://ca.example/a\nINFO: forged", "https://ca.example/\u001b[31m", "https://ca.example/a b"})
    void aLocationWithMoreThanAUrlHasIsRefusedInOneLine(String location) {
        assertThatExceptionOfType(AcmeProtocolException.class)
                .isThrownBy(reply("Location", location)::location)
                .withMessageContaining("Location that is no URL")
                .satisfies(e -> assertThat(e.getMessage()).doesNotContainPattern("\\p{Cntrl}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "oFvnlFP1wIhRlYS2jTaXbA", "-_09azAZ"})
    void aNonceIsBase64url(String nonce) {
        assertThat(reply("Replay-Nonce", nonce).nonce()).isEqualTo(nonce);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "abc=", "ab+c", "ab/c", "a b", "ab.c", "ab\"c", "äbc"})
    void aNonceThatIsNotIsDropped(String nonce) {
        assertThat(reply("Replay-Nonce", nonce).nonce()).isNull();
        assertThat(reply("Replay-Nonce", "a".repeat(10_000)).nonce()).isNull();
        assertThat(reply().nonce()).isNull();
    }

    @ParameterizedTest
    @CsvSource({"199,false", "200,true", "201,true", "204,true", "299,true", "301,false", "400,false", "500,false"})
    void successIs2xx(int status, boolean success) {
        assertThat(new HttpReply(URL, status, Headers.of(), ByteString.EMPTY, Instant.EPOCH).isSuccess())
                .isEqualTo(success);
    }

    @Test
    void aBodyThatIsNotJsonIsNamed() {
        HttpReply reply = new HttpReply(URL, 200, Headers.of(), ByteString.encodeUtf8("<html>"), Instant.EPOCH);
        assertThatExceptionOfType(AcmeProtocolException.class)
                .isThrownBy(() -> reply.json("the order", new Oddities()))
                .withMessageStartingWith("the order at " + URL + " is not JSON");
    }

    private static HttpReply reply(String... namesAndValues) {
        Headers.Builder headers = new Headers.Builder();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            headers.addUnsafeNonAscii(namesAndValues[i], namesAndValues[i + 1]);
        }
        return new HttpReply(URL, 200, headers.build(), ByteString.EMPTY, Instant.EPOCH);
    }
}
