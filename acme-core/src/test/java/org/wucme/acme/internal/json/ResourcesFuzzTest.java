package org.wucme.acme.internal.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.wucme.acme.AcmeProtocolException;
import org.wucme.acme.Directory;

/** Whatever a CA sends for a resource, it is read or refused, and nothing else happens. */
class ResourcesFuzzTest {

    private static final String URL = "https://ca.test/1";
    private static final Directory DIRECTORY = directory();

    private interface Reader {
        Object read(Json json) throws AcmeProtocolException;
    }

    private static Directory directory() {
        String document = "{\"newNonce\":\"n\",\"newAccount\":\"a\",\"newOrder\":\"o\",\"revokeCert\":\"r\"}";
        try {
            return Resources.directory(Json.parse(document.getBytes(StandardCharsets.US_ASCII), "the directory"));
        } catch (AcmeProtocolException e) {
            throw new AssertionError(e);
        }
    }

    private static void readOrRefuse(byte[] document, Reader reader) {
        try {
            assertThat(reader.read(Json.parse(document, "the document")).toString())
                    .isNotEmpty();
        } catch (AcmeProtocolException e) {
            assertThat(e).message().contains("the ");
        }
    }

    @FuzzTest
    void directory(byte[] document) {
        readOrRefuse(document, Resources::directory);
    }

    @FuzzTest
    void account(byte[] document) {
        readOrRefuse(document, json -> Resources.account(URL, json));
    }

    @FuzzTest
    void order(byte[] document) {
        readOrRefuse(document, json -> Resources.order(URL, json, Instant.EPOCH));
    }

    @FuzzTest
    void authorization(byte[] document) {
        readOrRefuse(document, json -> Resources.authorization(URL, json, DIRECTORY, null));
    }

    @FuzzTest
    void challenge(byte[] document) {
        readOrRefuse(document, json -> Resources.challenge(json, DIRECTORY));
    }

    @FuzzTest
    void problem(byte[] document) {
        readOrRefuse(document, json -> {
            String words = Resources.problem(json).describe();
            assertThat(words.codePoints()).noneMatch(Character::isISOControl);
            return words;
        });
    }
}
