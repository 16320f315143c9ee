package org.wucme.acme;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Checklist items 12 and 13: types, unknown types, subproblems with the name each is about. */
class ProblemTest {

    private static final String DNS = "urn:ietf:params:acme:error:dns";

    @Test
    void theDescriptionSaysWhichNameFailedAndWhy() {
        Problem compound = new Problem(
                "urn:ietf:params:acme:error:compound",
                null,
                "2 names failed",
                403,
                null,
                null,
                List.of(
                        about("a.example", "no such host"),
                        new Problem(DNS, null, "timed out", 0, null, Identifier.dns("b.example"), List.of())));
        assertThat(compound.describe()).isEqualTo("2 names failed (a.example: no such host; b.example: timed out)");
    }

    @Test
    void withoutDetailTheTitleSpeaksAndWithoutBothTheType() {
        assertThat(problem("the title", "the detail").describe()).isEqualTo("the detail");
        assertThat(problem("the title", null).describe()).isEqualTo("the title");
        assertThat(problem(null, null).describe()).isEqualTo(DNS);
        assertThat(problem("the title", " ").describe()).isEqualTo("the title");
        assertThat(problem("", "").describe()).isEqualTo(DNS);
    }

    @Test
    void theDescriptionIsOneLineWhateverTheCaSent() {
        assertThat(problem(null, "first\r\nINFO: forged\u001b[31m\u2028end").describe())
                .isEqualTo("first INFO: forged [31m end");
        Identifier forged = new Identifier("dns", "a\nb");
        assertThat(new Problem("t\n", null, null, 0, null, forged, List.of()).describe())
                .isEqualTo("a b: t ");
    }

    @Test
    void subproblemsCannotBeChangedAfterwards() {
        List<Problem> subproblems = new ArrayList<>(List.of(about("a.example", "x")));
        Problem problem = new Problem(DNS, null, null, 0, null, null, subproblems);
        subproblems.clear();
        assertThat(problem.subproblems()).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "UNKNOWN")
    void aTypeIsFoundByItsUri(ProblemType type) {
        assertThat(type.uri()).startsWith("urn:ietf:params:acme:error:");
        assertThat(ProblemType.of(type.uri())).isEqualTo(type);
    }

    @Test
    void everyTypeOfRfc8555IsKnown() {
        String names = "accountDoesNotExist alreadyRevoked badCSR badNonce badPublicKey badRevocationReason"
                + " badSignatureAlgorithm caa compound connection dns externalAccountRequired incorrectResponse"
                + " invalidContact malformed orderNotReady rateLimited rejectedIdentifier serverInternal tls"
                + " unauthorized unsupportedContact unsupportedIdentifier userActionRequired";
        assertThat(Arrays.stream(ProblemType.values()).map(ProblemType::uri).collect(Collectors.toSet()))
                .containsAll(Arrays.stream(names.split(" "))
                        .map(name -> "urn:ietf:params:acme:error:" + name)
                        .toList());
    }

    @Test
    void everyTypeOfTheExtensionsIsKnown() {
        String names = "alreadyReplaced invalidProfile autoRenewalCanceled autoRenewalExpired"
                + " autoRenewalCancellationInvalid autoRenewalRevocationNotSupported unknownDelegation onionCAARequired"
                + " badAttestationStatement conflict notImplemented";
        assertThat(Arrays.stream(names.split(" ")).map(name -> ProblemType.of("urn:ietf:params:acme:error:" + name)))
                .doesNotContain(ProblemType.UNKNOWN)
                .doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "about:blank",
                "",
                "urn:ietf:params:acme:error:",
                "urn:ietf:params:acme:error:somethingNew",
                "urn:acme:error:dns",
                "https://ca.example/errors/dns",
                "dns"
            })
    void otherTypesAreUnknownAndKeepTheirUri(String uri) {
        Problem problem = new Problem(uri, null, null, 0, null, null, List.of());
        assertThat(problem.kind()).isEqualTo(ProblemType.UNKNOWN);
        assertThat(problem.is(ProblemType.DNS)).isFalse();
        assertThat(problem.type()).isEqualTo(uri);
        assertThat(ProblemType.UNKNOWN.uri()).isEqualTo("about:blank");
    }

    @ParameterizedTest
    @ValueSource(strings = {"urn:ietf:params:acme:error:DNS", "URN:ietf:params:ACME:error:dns "})
    void aTypeIsKnownInWhateverCaseTheCaWritesIt(String uri) {
        assertThat(ProblemType.of(uri)).isEqualTo(ProblemType.DNS);
    }

    private static Problem about(String name, String detail) {
        return new Problem(DNS, null, detail, 0, null, Identifier.dns(name), List.of());
    }

    private static Problem problem(@Nullable String title, @Nullable String detail) {
        return new Problem(DNS, title, detail, 0, null, null, List.of());
    }
}
