package org.wucme.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.wucme.acme.TestClients.SilentSolver;
import org.wucme.testing.InProcessCas;
import org.wucme.testing.ca.Endpoint;
import org.wucme.testing.ca.Fault;
import org.wucme.testing.ca.TestCa;

/** The client at CAs without sockets, all on one clock that moves only when something sleeps. */
class InProcessCaTest {

    private static final Instant START = Instant.parse("2031-05-06T07:08:09Z");

    private final FakeTime time = new FakeTime(START);
    private final TestCa ca = TestCa.builder()
            .clock(time)
            .sleeper(time::sleep)
            .inProcess("one.test")
            .alwaysValid(true);
    private final TestCa other =
            TestCa.builder().clock(time).keysOf(ca).inProcess("two.test").alwaysValid(true);

    private AcmeClient client(TestCa at) {
        return AcmeClient.builder(new Ca("test", at.directoryUrl()))
                .httpClient(InProcessCas.client(ca, other))
                .clock(time)
                .sleeper(time)
                .build();
    }

    private static IssuedCertificate obtain(AcmeClient client) throws IOException {
        return TestClients.register(client)
                .obtain(
                        CertificateRequest.builder(List.of(Identifier.of("a.example.test")))
                                .build(),
                        new SilentSolver());
    }

    @Test
    void obtainsWithoutSocketsOnAClockOfItsOwn() throws IOException {
        ca.latency(Duration.ofSeconds(1));

        IssuedCertificate issued = obtain(client(ca));

        assertThat(issued.chain().leaf()).isEqualTo(ca.certificates().get(0));
        assertThat(issued.chain().leaf().getNotBefore()).isAfter(START.minus(Duration.ofHours(2)));
        assertThat(time.instant()).isAfter(START.plus(Duration.ofSeconds(ca.count() - 1)));
        assertThat(other.count()).isZero();
    }

    @Test
    void eachHostLeadsToItsCa() throws IOException {
        obtain(client(other));

        assertThat(other.certificates()).hasSize(1);
        assertThat(ca.count()).isZero();
    }

    @Test
    void aCutConnectionIsRetriedAsOverTheNetwork() throws IOException {
        ca.fault(Endpoint.NEW_ORDER, Fault.resetAfter());

        obtain(client(ca));

        assertThat(ca.count(Endpoint.NEW_ORDER)).isEqualTo(2);
        assertThat(ca.certificates()).hasSize(1);
    }

    @Test
    void anUnknownHostIsNotReached() {
        AcmeClient lost = AcmeClient.builder(new Ca("lost", "https://three.test/directory"))
                .httpClient(InProcessCas.client(ca))
                .clock(time)
                .sleeper(time)
                .build();

        assertThatThrownBy(() -> TestClients.register(lost))
                .isInstanceOf(AcmeException.class)
                .hasStackTraceContaining("three.test");
    }
}
