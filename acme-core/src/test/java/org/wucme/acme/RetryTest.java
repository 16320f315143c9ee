package org.wucme.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.wucme.acme.TestClients.SilentSolver;
import org.wucme.testing.Endpoint;
import org.wucme.testing.Fault;
import org.wucme.testing.TestCa;

/**
 * Whatever breaks between client and CA, before or after a request took effect: the work is finished, each try is signed
 * anew, and nothing is done twice that matters.
 */
class RetryTest {

    private static final Set<Endpoint> USED = EnumSet.of(
            Endpoint.DIRECTORY,
            Endpoint.NEW_NONCE,
            Endpoint.NEW_ACCOUNT,
            Endpoint.NEW_ORDER,
            Endpoint.AUTHORIZATION,
            Endpoint.CHALLENGE,
            Endpoint.ORDER,
            Endpoint.FINALIZE,
            Endpoint.CERTIFICATE,
            Endpoint.REVOKE);
    private static final List<Endpoint> WITH_BODY = USED.stream()
            .filter(endpoint -> endpoint != Endpoint.NEW_NONCE && endpoint != Endpoint.REVOKE)
            .toList();
    private static final List<Endpoint> WITH_EFFECT =
            List.of(Endpoint.NEW_ORDER, Endpoint.CHALLENGE, Endpoint.FINALIZE, Endpoint.CERTIFICATE);

    private enum Breakage {
        RESET_BEFORE(Fault.resetBefore(), USED),
        RESET_AFTER(Fault.resetAfter(), USED),
        TRUNCATED(Fault.truncateBody(), WITH_BODY),
        STALLED_HEADERS(Fault.stallHeaders(), WITH_EFFECT),
        STALLED_BODY(Fault.stallBody(), WITH_EFFECT),
        HTML(Fault.status(502, "text/html", "<html>Bad gateway</html>"), USED);

        final Fault fault;
        final Iterable<Endpoint> endpoints;

        Breakage(Fault fault, Iterable<Endpoint> endpoints) {
            this.fault = fault;
            this.endpoints = endpoints;
        }
    }

    private final FakeTime time = FakeTime.now();
    private final SilentSolver solver = new SilentSolver();
    private TestCa ca;

    @AfterEach
    void nothingIsSentTwiceNorLeftBehind() {
        ca.close();
        assertThat(ca.signedBodies()).doesNotHaveDuplicates();
        assertThat(solver.visible).isEmpty();
    }

    static Set<Endpoint> used() {
        return USED;
    }

    private AcmeClient start(TestCa.Builder builder) {
        ca = builder.clock(time).start().alwaysValid(true);
        return TestClients.builder(ca)
                .clock(time)
                .sleeper(time)
                .requestTimeout(Duration.ofMillis(500))
                .build();
    }

    private void issueAndRevoke(AcmeClient client, int names) throws IOException {
        Account account = TestClients.register(client);
        IssuedCertificate issued =
                account.obtain(CertificateRequest.of(RoundTripsTest.names(names).toArray(String[]::new)), solver);
        account.revoke(issued.chain().leaf(), RevocationReason.SUPERSEDED);

        assertThat(ca.accounts()).hasSize(1);
        assertThat(ca.certificates()).containsExactly(issued.chain().leaf());
        assertThat(ca.isRevoked(issued.chain().leaf())).isTrue();
    }

    @ParameterizedTest
    @MethodSource("used")
    void survivesThatAReplyIsLost(Endpoint endpoint) throws IOException {
        try (AcmeClient client = start(TestCa.builder().http1Only())) {
            ca.fault(endpoint, Fault.resetAfter());

            issueAndRevoke(client, 1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void survivesTheSameBreakageAtEveryStep(Breakage breakage) throws IOException {
        try (AcmeClient client = start(TestCa.builder().http1Only())) {
            breakage.endpoints.forEach(endpoint -> ca.fault(endpoint, breakage.fault));

            issueAndRevoke(client, 1);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"NEW_ORDER", "AUTHORIZATION", "CHALLENGE", "FINALIZE", "CERTIFICATE"})
    void survivesACutOfTheConnectionThatAllRequestsShare(Endpoint endpoint) throws IOException {
        try (AcmeClient client = start(TestCa.builder())) {
            ca.fault(endpoint, Fault.resetAfter());

            issueAndRevoke(client, 8);
        }
    }

    @Test
    void survivesABreakageOfEachKindInOneIssuance() throws IOException {
        try (AcmeClient client = start(TestCa.builder())) {
            ca.badNonceRate(0.15, 7);
            for (Endpoint endpoint : USED) {
                ca.fault(endpoint, Fault.resetBefore()).fault(endpoint, Fault.resetAfter());
            }

            issueAndRevoke(client, 3);
        }
    }

    @Test
    void givesUpAChallengeOnlyAfterFiveTries() throws IOException {
        try (AcmeClient client = start(TestCa.builder().http1Only())) {
            Account account = TestClients.register(client);
            ca.fault(Endpoint.CHALLENGE, Fault.status(502, "text/html", "no"), 1_000);

            assertThatExceptionOfType(AcmeProblemException.class)
                    .isThrownBy(() -> account.obtain(CertificateRequest.of("www.example.test"), solver))
                    .matches(e -> e.problem().status() == 502);
            assertThat(ca.count(Endpoint.CHALLENGE)).isEqualTo(6);
        }
    }

    @Test
    void tellsWhyTheOrderFailedThoughTheReplyToFinalizeWasLost() throws IOException {
        try (AcmeClient client = start(TestCa.builder().http1Only())) {
            Account account = TestClients.register(client);
            ca.issuanceFails("caa").finalizeAtOnce(true).fault(Endpoint.FINALIZE, Fault.resetAfter());

            assertThatExceptionOfType(AcmeProblemException.class)
                    .isThrownBy(() -> account.obtain(CertificateRequest.of("www.example.test"), solver))
                    .matches(e -> e.problem().is(ProblemType.CAA));
            assertThat(ca.count(Endpoint.FINALIZE)).isEqualTo(1);
        }
    }

    @Test
    void saysThatNothingListens() {
        AcmeClient client = start(TestCa.builder());
        ca.close();

        assertThatExceptionOfType(AcmeConnectionException.class)
                .isThrownBy(client::fetchDirectory)
                .withMessageContaining(ca.directoryUrl())
                .matches(AcmeException::isRetryable);
        assertThat(time.sleeps()).hasSize(4).isSorted();
        client.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void neverRetriesWhenToldSo(boolean http1) {
        TestCa.Builder builder = TestCa.builder();
        try (AcmeClient ignored = start(http1 ? builder.http1Only() : builder);
                AcmeClient client = TestClients.builder(ca)
                        .retry(new RetryPolicy(0, Duration.ZERO, Duration.ZERO, Duration.ofMinutes(1)))
                        .build()) {
            ca.fault(Endpoint.DIRECTORY, Fault.resetBefore());

            assertThatExceptionOfType(AcmeConnectionException.class).isThrownBy(client::fetchDirectory);
            assertThat(ca.count()).isEqualTo(1);
        }
    }
}
