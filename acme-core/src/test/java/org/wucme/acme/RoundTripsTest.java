package org.wucme.acme;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.wucme.acme.TestClients.SilentSolver;
import org.wucme.testing.ca.Endpoint;
import org.wucme.testing.ca.TestCa;

/** The bounds on requests and on depth: how much a certificate costs, counted by the CA. */
class RoundTripsTest {

    private static final Duration QUIET = Duration.ofMillis(150);

    @ParameterizedTest
    @CsvSource({"1,16", "2,16", "16,16", "17,16", "20,8", "100,16"})
    void registrationAndCertificateStayWithinTheBounds(int names, int maxInFlight) throws Exception {
        try (TestCa ca = TestCa.start().alwaysValid(true).rounds(QUIET);
                AcmeClient client =
                        TestClients.builder(ca).maxInFlight(maxInFlight).build()) {
            obtain(TestClients.register(client), names);

            assertThat(ca.count()).isLessThanOrEqualTo(2L * names + 7 + nonces(names, maxInFlight) + furtherLooks(ca));
            assertThat(ca.depth()).isLessThanOrEqualTo(10 + 2 * waves(names, maxInFlight) + furtherLooks(ca));
            assertThat(ca.maxInFlight()).isBetween(Math.min(names, maxInFlight), maxInFlight);
        }
    }

    @ParameterizedTest
    @CsvSource({"1,16", "2,16", "16,16", "20,8"})
    void aKnownAccountWithAKnownDirectoryNeedsOneNonceBeforeItsOrderAndNothingElse(int names, int maxInFlight)
            throws Exception {
        try (TestCa ca = TestCa.start().alwaysValid(true)) {
            KeyPair key = TestClients.newKey();
            Directory directory;
            String url;
            try (AcmeClient before = TestClients.client(ca)) {
                directory = before.fetchDirectory();
                url = before.register(Registration.with(key).agreeToTerms()).url();
            }
            ca.clearLog().rounds(QUIET);
            try (AcmeClient client = TestClients.builder(ca)
                    .directory(directory, Instant.now())
                    .maxInFlight(maxInFlight)
                    .build()) {
                obtain(client.account(url, key), names);
            }

            assertThat(ca.count(Endpoint.DIRECTORY)).isZero();
            assertThat(ca.count()).isLessThanOrEqualTo(2L * names + 5 + nonces(names, maxInFlight) + furtherLooks(ca));
            assertThat(ca.depth()).isLessThanOrEqualTo(6 + 2 * waves(names, maxInFlight) + furtherLooks(ca));
        }
    }

    @ParameterizedTest
    @CsvSource({"1,16", "2,16", "16,16", "20,8", "100,16"})
    void aWarmClientFindsDirectoryAndNonceAtHand(int names, int maxInFlight) throws Exception {
        try (TestCa ca = TestCa.start().alwaysValid(true);
                AcmeClient client =
                        TestClients.builder(ca).maxInFlight(maxInFlight).build()) {
            Account account = TestClients.register(client);
            ca.clearLog().rounds(QUIET);

            obtain(account, names);

            assertThat(ca.count(Endpoint.DIRECTORY)).isZero();
            assertThat(ca.count()).isLessThanOrEqualTo(2L * names + 4 + nonces(names, maxInFlight) + furtherLooks(ca));
            assertThat(ca.depth()).isLessThanOrEqualTo(7 + 2 * waves(names, maxInFlight) - 2 + furtherLooks(ca));
        }
    }

    @Test
    void aSecondCertificateOfAWarmClientNeedsNoNonceRequestAtAll() throws Exception {
        try (TestCa ca = TestCa.start().alwaysValid(true);
                AcmeClient client = TestClients.client(ca)) {
            Account account = TestClients.register(client);
            obtain(account, 20);
            ca.clearLog();

            obtain(account, 20);

            assertThat(ca.count(Endpoint.NEW_NONCE)).isZero();
            assertThat(ca.count()).isEqualTo(2 * 20 + 5 + furtherLooks(ca));
        }
    }

    private static void obtain(Account account, int names) throws IOException {
        account.obtain(CertificateRequest.of(names(names).toArray(String[]::new)), new SilentSolver());
    }

    private static int nonces(int names, int maxInFlight) {
        return Math.min(names, maxInFlight);
    }

    private static int waves(int names, int maxInFlight) {
        return (names + maxInFlight - 1) / maxInFlight;
    }

    // Beyond one that finds the order ready and one that finds it valid.
    private static int furtherLooks(TestCa ca) {
        return (int) ca.count(Endpoint.ORDER) - 2;
    }

    static List<String> names(int count) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(i -> "host" + i + ".example.test")
                .toList();
    }
}
