package org.wucme.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

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
    void theIdentifiersCannotBeChangedAfterwards() {
        List<Identifier> identifiers = new ArrayList<>(List.of(Identifier.dns("a.example")));
        OrderRequest request = OrderRequest.of(identifiers);
        identifiers.clear();
        assertThat(request.identifiers()).hasSize(1).isUnmodifiable();
    }
}
