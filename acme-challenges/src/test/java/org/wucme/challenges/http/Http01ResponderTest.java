package org.wucme.challenges.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.wucme.acme.Identifier;
import org.wucme.acme.challenge.Presented;
import org.wucme.challenges.Concurrently;
import org.wucme.challenges.Proof;
import org.wucme.testing.LogLines;

class Http01ResponderTest {

    private static final String TOKEN = "evaGxfADs6pSRb2LAv9IZf17Dt3juxGJ-PCt92wr-oA";
    private static final String PATH = "/.well-known/acme-challenge/" + TOKEN;

    private final Http01Responder responder = new Http01Responder();
    private final Proof proof = Proof.withToken("www.example.org", TOKEN);

    private static Presented present(Http01Responder responder, Proof proof) {
        return responder.present(proof.http01(), proof.identifier(), proof.account());
    }

    private Optional<String> body(String host, String path) {
        return responder
                .answer(host, path)
                .filter(answer -> answer.status() == 200)
                .map(HttpAnswer::body);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "//.well-known/acme-challenge/",
                "/.well-known//acme-challenge///",
                "/./.well-known/./acme-challenge/",
                "/a/../.well-known/b/../acme-challenge/",
                "/../.well-known/acme-challenge/",
                "/%2Ewell-known/acme%2Dchallenge/",
                "/%2ewell-known/%61cme-challenge/",
                "/%2e%2E/.well-known/acme-challenge/%2E/",
                "http://www.example.org/.well-known/acme-challenge/",
                "HTTP://www.example.org:80//.well-known/acme-challenge/"
            })
    void oneSpellingOfAPathIsAsGoodAsAnother(String folder, @TempDir Path root) throws IOException {
        Http01Responder shared = new Http01Responder().sharedBy(new Webroot(root));
        try (Presented ours = present(responder, proof);
                Presented others = new Webroot(root).present(proof.http01(), proof.identifier(), proof.account())) {
            for (String end : List.of("", "/", "//", "/.", "?", "?from=ca", "/?a=/b", "#x")) {
                assertThat(body("www.example.org", folder + TOKEN + end))
                        .as(end)
                        .contains(proof.answer().value());
                assertThat(shared.answer("x", folder + TOKEN + end).map(HttpAnswer::body))
                        .contains(proof.answer().value());
            }
            assertThat(body("x", folder + "%65" + TOKEN.substring(1)))
                    .contains(proof.answer().value());
        }
        assertThat(responder.answer("www.example.org", folder + TOKEN)).contains(Http01Responder.NO_SUCH_TOKEN);
    }

    @Test
    void noCacheKeepsAnAnswer() {
        present(responder, proof);

        for (String path : List.of(PATH, PATH + "x")) {
            assertThat(responder.answer("www.example.org", path).orElseThrow().headers())
                    .containsEntry("Cache-Control", "no-store")
                    .containsKey("Content-Type");
        }
    }

    @Test
    void whatAnotherProcessPresentsByASharedWebrootIsAnsweredUntilItEnds(@TempDir Path root) throws IOException {
        Http01Responder shared = responder.sharedBy(new Webroot(root));
        try (Presented other = new Webroot(root).present(proof.http01(), proof.identifier(), proof.account())) {
            assertThat(shared.answer("x", PATH).map(HttpAnswer::body))
                    .contains(proof.answer().value());
            assertThat(responder.answer("x", PATH)).contains(Http01Responder.NO_SUCH_TOKEN);
        }
        assertThat(shared.answer("x", PATH)).contains(Http01Responder.NO_SUCH_TOKEN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "../../secret", "..%2F..%2Fsecret", ".", "..", "link", "/secret"})
    void noOtherFileIsEverShown(String token, @TempDir Path root) throws IOException {
        Path secret = Files.writeString(root.resolve("secret"), "secret");
        Path folder = Files.createDirectories(root.resolve(".well-known/acme-challenge"));
        Files.createSymbolicLink(folder.resolve("link"), secret);

        assertThat(responder.sharedBy(new Webroot(root)).answer("x", "/.well-known/acme-challenge/" + token))
                .contains(Http01Responder.NO_SUCH_TOKEN);
    }

    /** As wµCME's rule has it: map /.well-known/acme-challenge/* /cgi-bin/wucme/.well-known/acme-challenge/*. */
    @ParameterizedTest
    @ValueSource(strings = {"/cgi-bin/wucme", "/cgi-bin/wucme/", "/", "/.well-known", "//", "/a%20b"})
    void belowAnotherPathItAnswersThereToo(String prefix) {
        Http01Responder below = Http01Responder.below(prefix);
        present(below, proof);
        String clean = prefix.replaceFirst("/+$", "");

        assertThat(below.answer("x", clean + PATH))
                .map(HttpAnswer::body)
                .contains(proof.answer().value());
        assertThat(below.answer("x", PATH))
                .map(HttpAnswer::body)
                .contains(proof.answer().value());
        assertThat(below.answer("x", clean + "/.well-known/acme-challenge/")).contains(Http01Responder.NO_SUCH_TOKEN);
        assertThat(below.answer("x", clean + "/admin")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "cgi-bin", "http://other.example/", "/a b", "/a?b", "/ä"})
    void whatIsNoPathIsNoPrefix(String prefix) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Http01Responder.below(prefix))
                .withMessageContaining("/cgi-bin/wucme");
    }

    /** RFC 8555 section 8.3, checklist item 34. */
    @Test
    void answersWithTheExactKeyAuthorization() {
        present(responder, proof);
        HttpAnswer answer = responder.answer("www.example.org", PATH).orElseThrow();
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.contentType()).isEqualTo("application/octet-stream");
        assertThat(answer.bytes()).isEqualTo(proof.answer().value().getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void oneTokenForTwoNamesIsToldApartByTheHost() {
        Proof other = Proof.withThumbprint("b.example", TOKEN, "otherAccount");
        present(responder, proof);
        present(responder, other);
        assertThat(body("WWW.example.org.:80", PATH)).contains(proof.answer().value());
        assertThat(body("b.example:5002", PATH)).contains(other.answer().value());
    }

    @Test
    void addressesAreNamesToo() {
        Proof other = Proof.withThumbprint("2001:db8::1", TOKEN, "otherAccount");
        present(responder, proof);
        present(responder, other);
        assertThat(body("[2001:DB8:0::1]:80", PATH)).contains(other.answer().value());
    }

    @ParameterizedTest
    @ValueSource(strings = {"backend.internal:8080", "localhost", "", "[::1]:80"})
    void aKnownTokenIsAnsweredUnderAHostThatAProxyOrRedirectMadeUp(String host) {
        present(responder, proof);
        present(responder, Proof.of("localhost.example"));
        assertThat(body(host, PATH)).contains(proof.answer().value());
        assertThat(responder.answer(null, PATH)).isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "",
                "*",
                "/index.html",
                "/.well-known/acme-challenge",
                "/.well-known/acme-challengeX/" + TOKEN,
                "/.WELL-KNOWN/acme-challenge/" + TOKEN,
                "/.well-known/x/../acme-challenge/../" + TOKEN,
                "/.well-known/acme-challenge%2F" + TOKEN,
                "/%252Ewell-known/acme-challenge/" + TOKEN,
                "/.well-known/acme-challenge%/" + TOKEN,
                "/.well-known/acme-challenge%zz/" + TOKEN,
                "/?/.well-known/acme-challenge/" + TOKEN,
                "https://www.example.org",
                "/x/.well-known/acme-challenge/" + TOKEN
            })
    void leavesAllOtherPathsToTheServer(String path) {
        present(responder, proof);
        assertThat(responder.answer("www.example.org", path)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "../" + TOKEN,
                TOKEN + "/..",
                TOKEN + "%00",
                TOKEN + "%2F",
                TOKEN + ";x",
                "x/" + TOKEN,
                "%2565vaGxfADs6pSRb2LAv9IZf17Dt3juxGJ-PCt92wr-oA",
                "EVAGXFADS6PSRB2LAV9IZF17DT3JUXGJ-PCT92WR-OA"
            })
    void tokensAreComparedExactlyAndNeverEchoed(String token) {
        present(responder, proof);
        HttpAnswer answer = responder
                .answer("www.example.org", "/.well-known/acme-challenge/" + token)
                .orElseThrow();
        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.contentType()).isEqualTo("text/plain");
        assertThat(answer.body()).isEqualTo("Challenge received but no such token.");
    }

    @Test
    void theAnswerForUnknownTokensCanBeChosen() {
        HttpAnswer gone = new HttpAnswer(410, "text/plain", "gone");
        assertThat(Http01Responder.withNoSuchToken(gone).answer("a.example", PATH))
                .contains(gone);
    }

    @Test
    void unknownTokensCanBeLeftToTheServer() {
        Http01Responder passing = Http01Responder.passingUnknownTokens();
        assertThat(passing.answer("www.example.org", PATH)).isEmpty();
        present(passing, proof);
        assertThat(passing.answer("www.example.org", PATH)).isPresent();
    }

    @Test
    void closingTakesTheAnswerAway() throws IOException {
        Presented presented = present(responder, proof);
        presented.close();
        assertThat(body("www.example.org", PATH)).isEmpty();
    }

    @Test
    void closingOneOrderLeavesTheOtherOfTheSameNameAndToken() throws IOException {
        Presented first = present(responder, proof);
        Presented second = present(responder, proof);
        first.close();
        first.close();
        assertThat(body("www.example.org", PATH)).isPresent();
        second.close();
        assertThat(body("www.example.org", PATH)).isEmpty();
    }

    @Test
    void solvesHttp01ForAllButWildcards() {
        assertThat(responder.canSolve(proof.http01(), proof.identifier())).isTrue();
        assertThat(responder.canSolve(proof.http01(), Identifier.ip("192.0.2.1")))
                .isTrue();
        assertThat(responder.canSolve(proof.http01(), Identifier.dns("*.example.org")))
                .isFalse();
        assertThat(responder.canSolve(proof.tlsAlpn01(), proof.identifier())).isFalse();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> responder.present(proof.dns01(), proof.identifier(), proof.account()))
                .withMessageContaining("dns-01");
    }

    @Test
    void theAnswerIsNotPrinted() {
        present(responder, proof);
        assertThat(responder.answer("www.example.org", PATH).orElseThrow().toString())
                .doesNotContain(proof.answer().value());
    }

    @Property(tries = 200)
    void isAnsweredAsLongAsOneOfItsPresentationsIsOpen(
            @ForAll @Size(max = 60) List<@IntRange(max = 3) Integer> tokens,
            @ForAll List<@IntRange(max = 59) Integer> closed)
            throws IOException {
        Http01Responder fresh = new Http01Responder();
        List<Presented> presented = new ArrayList<>();
        for (int token : tokens) {
            presented.add(present(fresh, Proof.withToken("a.example", "t" + token)));
        }
        for (int number : closed) {
            if (number < presented.size()) {
                presented.get(number).close();
            }
        }
        for (int token = 0; token <= 3; token++) {
            boolean open = false;
            for (int i = 0; i < tokens.size(); i++) {
                open |= tokens.get(i) == token && !closed.contains(i);
            }
            int status = fresh.answer("a.example", "/.well-known/acme-challenge/t" + token)
                    .orElseThrow()
                    .status();
            assertThat(status).isEqualTo(open ? 200 : 404);
        }
    }

    @Test
    void manyNamesAndOrdersAtOnceDoNotDisturbEachOther() throws Exception {
        Concurrently.run(2000, 8, number -> {
            Proof mine = Proof.withThumbprint("n" + number + ".example", "t" + number % 5, "account" + number);
            try (Presented presented = present(responder, mine)) {
                assertThat(body("n" + number + ".example", mine.http01().path()))
                        .contains(mine.answer().value());
            }
        });
        for (int token = 0; token < 5; token++) {
            assertThat(body("a.example", "/.well-known/acme-challenge/t" + token))
                    .isEmpty();
        }
    }

    @Test
    void aTokenThatIsNotPendingIsLoggedInOneBoundedLineAndNotWithoutEnd() {
        try (LogLines log = LogLines.of("org.wucme.challenges.http")) {
            Http01Responder responder = new Http01Responder();
            for (int i = 0; i < 100; i++) {
                responder.answer("evil\u001b[31m.example", "/.well-known/acme-challenge/t%0Aoken" + "x".repeat(5000));
            }

            assertThat(log.all())
                    .hasSizeBetween(1, 20)
                    .allSatisfy(line -> assertThat(line)
                            .contains("token", "not pending")
                            .hasSizeLessThan(400)
                            .doesNotContain("\u001b")
                            .doesNotContain("\n"));
        }
    }
}
