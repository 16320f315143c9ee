package org.wucme.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.wucme.acme.pki.CertificateId;

/** What an order asks for; acme4j sends duplicate names twice. */
class OrderRequestTest {

    @Test
    void duplicatesCountOnceHoweverTheyAreWritten() {
        OrderRequest request = OrderRequest.of(
                "b.example",
                "A.example",
                "a.example.",
                "bücher.example",
                "xn--bcher-kva.example",
                "2001:DB8:0::1",
                "2001:db8::1");
        assertThat(request.identifiers())
                .extracting(Identifier::value)
                .containsExactly("b.example", "a.example", "xn--bcher-kva.example", "2001:db8::1");
    }

    @Test
    void anOrderForNothingIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(OrderRequest::of);
        assertThatIllegalArgumentException().isThrownBy(() -> OrderRequest.of(List.of()));
    }

    @Test
    void aProfileIsAddedToANewValue() {
        OrderRequest request = OrderRequest.of("a.example");
        assertThat(request.profile("shortlived").profile()).isEqualTo("shortlived");
        assertThat(request.profile("shortlived").identifiers()).isEqualTo(request.identifiers());
        assertThat(request.profile()).isNull();
    }

    @Test
    void eachOptionIsAddedAndTheOthersAreKept() {
        Instant from = Instant.parse("2026-11-22T00:00:00Z");
        Instant until = Instant.parse("2026-12-22T00:00:00Z");
        OrderRequest request = OrderRequest.of("a.example", "b.test")
                .notBefore(from)
                .notAfter(until)
                .preferredProfile("shortlived")
                .replaces(new CertificateId("AAAA.BBBB"))
                .delegation("https://owner.example/1")
                .ancestorDomain("example");

        assertThat(request)
                .isEqualTo(new OrderRequest(
                        request.identifiers(),
                        Map.of(Identifier.dns("a.example"), Identifier.dns("example")),
                        from,
                        until,
                        null,
                        "shortlived",
                        new CertificateId("AAAA.BBBB"),
                        null,
                        "https://owner.example/1"));
        assertThat(OrderRequest.of("a.example", "b.test"))
                .extracting(OrderRequest::notBefore)
                .isNull();
    }

    @Test
    void aProfileIsEitherRequiredOrPreferred() {
        OrderRequest request = OrderRequest.of("a.example");
        assertThat(request.profile("one").preferredProfile("other").profile()).isNull();
        assertThat(request.preferredProfile("one").profile("other").preferredProfile())
                .isNull();
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        new OrderRequest(request.identifiers(), Map.of(), null, null, "one", "other", null, null, null))
                .withMessageContaining("either required or preferred");
    }

    @Test
    void anEndBeforeTheBeginningIsRefused() {
        Instant moment = Instant.parse("2026-11-22T00:00:00Z");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> OrderRequest.of("a.example").notBefore(moment).notAfter(moment));
    }

    @Test
    void automaticRenewalSaysItselfWhenItBeginsAndEnds() {
        Instant moment = Instant.parse("2026-11-22T00:00:00Z");
        AutoRenewal renewal = AutoRenewal.until(moment, Duration.ofDays(4));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> OrderRequest.of("a.example").notAfter(moment).autoRenewal(renewal));
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> OrderRequest.of("a.example").autoRenewal(renewal).notBefore(moment));
    }

    @Test
    void everyNameBelowAnAncestorIsProvenThere() {
        OrderRequest request = OrderRequest.of("example.org", "*.example.org", "a.b.example.org", "notexample.org")
                .ancestorDomain("Example.org.")
                .ancestorDomain("b.example.org");

        assertThat(request.ancestorDomains())
                .isEqualTo(Map.of(
                        Identifier.dns("*.example.org"), Identifier.dns("example.org"),
                        Identifier.dns("a.b.example.org"), Identifier.dns("b.example.org")));
    }

    @Test
    void anAncestorOfNoNameIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> OrderRequest.of("example.org", "192.0.2.1").ancestorDomain("example.org"))
                .withMessageContaining("example.org");
    }

    @Test
    void theIdentifiersCannotBeChangedAfterwards() {
        List<Identifier> identifiers = new ArrayList<>(List.of(Identifier.dns("a.example")));
        OrderRequest request = OrderRequest.of(identifiers);
        identifiers.clear();
        assertThat(request.identifiers()).hasSize(1).isUnmodifiable();
    }
}
