package org.wucme.acme;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.wucme.acme.TestClients.SilentSolver;
import org.wucme.testing.Endpoint;
import org.wucme.testing.TestCa;

/** The bounds on requests and on depth: how much a certificate costs, counted by the CA. */
class RoundTripsTest {

    @ParameterizedTest
    // The more waves, the longer each request must take, or a slot that runs ahead looks like one more wave.
    @CsvSource({"1,16,60", "2,16,60", "16,16,60", "17,16,60", "20,8,100", "100,16,200"})
    void registrationAndCertificateStayWithinTheBounds(int names, int maxInFlight, int latencyMillis) throws Exception {
        try (TestCa ca = TestCa.start().alwaysValid(true).latency(Duration.ofMillis(latencyMillis));
                AcmeClient client =
                        TestClients.builder(ca).maxInFlight(maxInFlight).build()) {
            TestClients.register(client)
                    .obtain(CertificateRequest.of(names(names).toArray(String[]::new)), new SilentSolver());

            int furtherPolls = (int) ca.count(Endpoint.ORDER) - 2;
            int waves = (names + maxInFlight - 1) / maxInFlight;
            assertThat(ca.count()).isLessThanOrEqualTo(2L * names + 7 + Math.min(names, maxInFlight) + furtherPolls);
            assertThat(ca.depth()).isLessThanOrEqualTo(10 + 2 * waves + furtherPolls);
            assertThat(ca.maxInFlight()).isBetween(Math.min(names, maxInFlight), maxInFlight);
        }
    }

    static List<String> names(int count) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(i -> "host" + i + ".example.test")
                .toList();
    }
}
