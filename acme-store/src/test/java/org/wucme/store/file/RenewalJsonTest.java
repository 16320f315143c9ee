package org.wucme.store.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Builders;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.time.api.DateTimes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.wucme.acme.Ca;
import org.wucme.acme.Identifier;
import org.wucme.acme.RenewalTime;
import org.wucme.acme.pki.ChainPreference;
import org.wucme.acme.pki.KeyType;
import org.wucme.store.AriChoice;
import org.wucme.store.DeploymentFailure;
import org.wucme.store.RecordBuilder;
import org.wucme.store.RenewalRecord;

class RenewalJsonTest {

    private static final Seal SEAL = new Seal(
            "fingerprint", "digest", Instant.parse("2026-11-22T00:00:00Z"), Instant.parse("2027-02-20T00:00:00Z"));

    @Property(tries = 200)
    void whatIsWrittenIsRead(@ForAll("records") RenewalRecord record) {
        RenewalJson read = parse(RenewalJson.text(record, null, SEAL));
        assertThat(read.record()).isEqualTo(record);
        assertThat(read.seal()).isEqualTo(SEAL);
        assertThat(RecordBuilder.of(record).build()).isEqualTo(record);
    }

    @Property(tries = 20)
    void aByteOrderMarkInFrontIsNoPartOfIt(@ForAll("records") RenewalRecord record) {
        String text = RenewalJson.text(record, null, Seal.NONE);
        assertThat(parse("\uFEFF" + text).record()).isEqualTo(parse(text).record());
    }

    @Test
    void whatALaterVersionWroteIsKept() {
        String later = """
                {"identifiers": [{"type": "dns", "value": "a.example"}], "directory": "https://ca.example/", "failures": 3,
                 "mood": {"today": ["good"]},
                 "ari": {"windowStart": "2026-11-22T00:00:00Z", "windowEnd": "2026-11-23T00:00:00Z",
                         "chosen": "2026-11-22T10:00:00Z", "askAgainAt": "2026-11-22T06:00:00Z", "why": "holiday"}}
                """;
        RenewalJson before = parse(later);
        String text =
                RenewalJson.text(RecordBuilder.of(before.record()).failures(0).build(), before, Seal.NONE);
        assertThat(text).contains("\"mood\"", "\"good\"", "\"why\" : \"holiday\"", "\"failures\" : 0");
    }

    @Test
    void aMemberThatIsNoMoreIsRemoved() {
        RenewalRecord record = RecordBuilder.of(TestRecords.renewal(1))
                .lastProblem("no such host")
                .build();
        RenewalJson before = parse(RenewalJson.text(record, null, SEAL));
        String after =
                RenewalJson.text(RecordBuilder.of(record).lastProblem(null).build(), before, Seal.NONE);
        assertThat(after).doesNotContain("lastProblem", "certificate", "notBefore", "notAfter");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "nonsense | it is not JSON",
                "[] | it is not a JSON object",
                "'' | it is not a JSON object",
                "{} {} | it is not JSON",
                "{\"directory\": \"https://ca.example\"} | at least one name",
                "{\"identifiers\": [{\"type\": \"dns\", \"value\": \"a\"}]} | \"directory\" is missing",
                "{\"identifiers\": \"a\", \"directory\": \"https://ca.example\"} | \"identifiers\" is not a list",
                "{\"identifiers\": [\"a\"], \"directory\": \"https://ca.example\"} | \"identifiers\" is not a list of objects",
                "{\"identifiers\": [{\"type\": \"dns\"}], \"directory\": \"https://ca.example\"} | \"value\" is missing",
                "{\"identifiers\": [{\"type\": \"dns\", \"value\": 1}], \"directory\": \"https://ca.example\"} | \"value\" is not a text",
                "{\"identifiers\": [{\"type\": \"dns\", \"value\": \"a\"}], \"directory\": \"d\"} | neither the https URL",
                "{\"version\": 2} | a later wucme",
                "{\"version\": \"x\"} | \"version\" is not a whole number",
            })
    void whatIsNotUnderstoodIsRefusedWithTheReason(String text, String reason) {
        assertThatThrownBy(() -> parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(reason);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"failures\": -1 | failures cannot be -1",
                "\"failures\": 1.5 | \"failures\" is not a whole number",
                "\"keyType\": \"dsa\" | not a key type",
                "\"nextAttempt\": \"tomorrow\" | \"nextAttempt\" is not a time",
                "\"ari\": 1 | \"ari\" is not an object",
                "\"ari\": {} | \"askAgainAt\" is missing",
                "\"ari\": {\"chosen\": \"2026-11-22T00:20:27Z\"} | \"windowStart\" is missing",
                "\"keyReuse\": 1 | \"keyReuse\" is not true or false",
                "\"failedAuthorizations\": [\"today\"] | \"failedAuthorizations\" is not a time",
                "\"deploymentsOwed\": [1] | not a list of texts",
                "\"deployed\": \"x\" | \"deployed\" is not a list",
                "\"deploymentFailure\": {\"failures\": 0, \"problem\": \"\", \"nextAttempt\": \"2026-11-22T00:00:00Z\"} | at least one",
                "\"deploymentFailure\": {} | \"problem\" is missing",
                "\"failures\": 1, \"failures\": 2 | it is not JSON",
            })
    void aMemberOfTheWrongKindIsRefusedWithTheReason(String member, String reason) {
        String text =
                "{\"identifiers\": [{\"type\": \"dns\", \"value\": \"a\"}], \"directory\": \"https://ca.example\", "
                        + member + "}";
        assertThatThrownBy(() -> parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(reason);
    }

    private static RenewalJson parse(String text) {
        return RenewalJson.parse(text, Ca::of);
    }

    @Provide
    Arbitrary<RenewalRecord> records() {
        Arbitrary<String> texts = Arbitraries.strings().ofMaxLength(20);
        Arbitrary<Instant> instants = DateTimes.instants().map(instant -> instant);
        Arbitrary<RenewalTime> times =
                Combinators.combine(instants, instants, instants).as(RenewalTime::new);
        Arbitrary<AriChoice> choices = Combinators.combine(times.injectNull(0.3), texts.injectNull(0.3), instants)
                .as(AriChoice::new);
        Arbitrary<Identifier> identifiers =
                Combinators.combine(Arbitraries.of("dns", "ip"), texts).as(Identifier::new);
        Arbitrary<DeploymentFailure> failures = Combinators.combine(
                        Arbitraries.integers().greaterOrEqual(1), texts, instants)
                .as(DeploymentFailure::new);
        return Builders.withBuilder(() -> RecordBuilder.of(List.of(Identifier.dns("a.example")), "https://ca.example"))
                .use(identifiers.list().ofMinSize(1).ofMaxSize(3))
                .in(RecordBuilder::identifiers)
                .use(Arbitraries.of(Ca.LETS_ENCRYPT, Ca.of("https://ca.example/directory?" + "\ud800")))
                .in(RecordBuilder::ca)
                .use(texts.injectNull(0.3))
                .in(RecordBuilder::name)
                .use(texts.injectNull(0.3))
                .in(RecordBuilder::dnsProvider)
                .use(texts.injectNull(0.3))
                .in(RecordBuilder::accountUrl)
                .use(texts.injectNull(0.3))
                .in(RecordBuilder::profile)
                .use(Arbitraries.of(ChainPreference.issuer("Root, \"X1\""), ChainPreference.root("0a".repeat(32)))
                        .injectNull(0.3))
                .in(RecordBuilder::preferredChain)
                .use(texts.injectNull(0.3))
                .in(RecordBuilder::challengeType)
                .use(Arbitraries.of(KeyType.class).injectNull(0.3))
                .in(RecordBuilder::keyType)
                .use(Arbitraries.of(true, false))
                .in(RecordBuilder::keyReuse)
                .use(Arbitraries.of(true, false))
                .in(RecordBuilder::keyCompromised)
                .use(texts.injectNull(0.3))
                .in(RecordBuilder::issuedBy)
                .use(instants.list().ofMaxSize(5))
                .in(RecordBuilder::failedAuthorizations)
                .use(instants.injectNull(0.3))
                .in(RecordBuilder::obtained)
                .use(Arbitraries.of(true, false))
                .in(RecordBuilder::renewedEarly)
                .use(Arbitraries.of(true, false))
                .in(RecordBuilder::unmanaged)
                .use(choices.injectNull(0.3))
                .in(RecordBuilder::ari)
                .use(texts.injectNull(0.3))
                .in(RecordBuilder::unreachableCa)
                .use(texts.injectNull(0.3))
                .in(RecordBuilder::refusedSettings)
                .use(Arbitraries.integers().greaterOrEqual(0))
                .in(RecordBuilder::failures)
                .use(texts.injectNull(0.3))
                .in(RecordBuilder::lastProblem)
                .use(instants.injectNull(0.3))
                .in(RecordBuilder::nextAttempt)
                .use(texts.injectNull(0.3))
                .in(RecordBuilder::pendingOrder)
                .use(texts.list().ofMaxSize(3))
                .in(RecordBuilder::deploymentsOwed)
                .use(texts.list().ofMaxSize(3))
                .in(RecordBuilder::deployed)
                .use(failures.injectNull(0.3))
                .in(RecordBuilder::deploymentFailure)
                .build(RecordBuilder::build);
    }
}
