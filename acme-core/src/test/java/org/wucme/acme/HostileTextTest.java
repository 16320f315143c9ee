package org.wucme.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.wucme.testing.ca.Endpoint;
import org.wucme.testing.ca.Fault;
import org.wucme.testing.ca.TestCa;

/** A CA that says too much: what comes out of the library is bounded. */
class HostileTextTest extends AtTestCa {

    private static final String MUCH = "much\n".repeat(100_000);
    private static final int BOUND = 5000;

    HostileTextTest() {
        super(TestCa.builder());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"detail\": \"%s\"",
                "\"title\": \"%s\"",
                "\"instance\": \"%s\"",
                "\"type\": \"%s\"",
                "\"identifier\": {\"type\": \"dns\", \"value\": \"%s\"}",
                "\"identifier\": {\"type\": \"%s\", \"value\": \"a\"}",
                "\"algorithms\": [\"%s\"]",
                "\"subproblems\": [{\"detail\": \"%s\"}]"
            })
    void aProblemDocumentIsCutInEachMember(String members) throws IOException {
        String body = "{" + members.formatted(MUCH.replace("\n", "\\n")) + "}";
        ca.fault(Endpoint.NEW_ACCOUNT, Fault.status(400, "application/problem+json", body), 100);

        assertThatExceptionOfType(AcmeProblemException.class)
                .isThrownBy(this::account)
                .satisfies(e -> {
                    assertThat(e.getMessage()).hasSizeLessThan(BOUND).doesNotContain("\n");
                    assertThat(e.problem().describe()).hasSizeLessThan(BOUND).doesNotContain("\n");
                });
    }

    @Test
    void thousandsOfSubproblemsInDepthAndBreadthAreCut() {
        Problem leaf = new Problem("about:blank", null, "no".repeat(5000), 400, null, null, List.of());
        Problem deep = leaf;
        for (int i = 0; i < 60; i++) {
            deep = new Problem("about:blank", null, "level " + i, 400, null, null, List.of(deep, leaf));
        }
        Problem broad = new Problem("about:blank", null, "all", 400, null, null, Collections.nCopies(10_000, deep));

        assertThat(broad.subproblems()).hasSize(100);
        assertThat(broad.describe()).hasSizeLessThan(BOUND);
        assertThat(leaf.detail()).hasSize(2000).endsWith("…");
    }

    @Test
    void manyAlgorithmsAreCut() {
        List<String> algorithms =
                IntStream.range(0, 10_000).mapToObj(i -> "alg".repeat(1000)).toList();

        Problem problem = new Problem(
                "urn:ietf:params:acme:error:badSignatureAlgorithm", null, null, 400, null, null, List.of(), algorithms);

        assertThat(String.join("", problem.algorithms())).hasSizeLessThan(BOUND);
        assertThat(problem.describe()).hasSizeLessThan(BOUND);
    }

    @Test
    void anEndlessLocationIsNoUrl() {
        ca.fault(Endpoint.NEW_ACCOUNT, Fault.header("Location", "https://ca.example/" + "a".repeat(20_000)));

        assertThatExceptionOfType(AcmeProtocolException.class)
                .isThrownBy(this::account)
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(BOUND));
    }

    @Test
    void anExceptionOfAnyKindHasAMessageOfOneLine() {
        assertThat(new AcmeException(MUCH).getMessage()).hasSizeLessThan(BOUND).doesNotContain("\n");
        assertThat(new AcmeProtocolException(MUCH, new IOException(MUCH)).getMessage())
                .hasSizeLessThan(BOUND)
                .doesNotContain("\n");
    }
}
