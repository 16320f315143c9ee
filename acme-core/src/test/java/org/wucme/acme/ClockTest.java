package org.wucme.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.security.KeyPair;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.wucme.testing.ca.Endpoint;
import org.wucme.testing.ca.Fault;

/** A clock that is wrong costs no certificate. */
class ClockTest extends AtTestCa {

    private static final int ALWAYS = 10_000;
    private static final CertificateRequest REQUEST = CertificateRequest.of("www.example.test");

    private void everywhere(Fault fault) {
        for (Endpoint endpoint : Endpoint.values()) {
            ca.fault(endpoint, fault, ALWAYS);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {-2_000, -62, -3, 3, 62, 20_000})
    void nothingIsOrderedWhileTheClocksDifferByDays(int days) throws IOException {
        ca.clockSkew(Duration.ofDays(days));
        Account account = account();

        assertThatExceptionOfType(AcmeClockException.class)
                .isThrownBy(() -> account.obtain(REQUEST, solver))
                .satisfies(e -> {
                    ClockDifference difference = e.difference();
                    assertThat(difference.ahead().isNegative()).isEqualTo(days > 0);
                    assertThat(e.getMessage())
                            .contains(difference.ours().toString().substring(0, 16))
                            .contains(difference.theirs().toString().substring(0, 16));
                    assertThat(e.advice()).isEqualTo(Advice.OPERATOR);
                });
        assertThat(ca.count(Endpoint.NEW_ORDER)).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {-62, 62})
    void aCertificateIsOrderedAsSoonAsTheClockIsRight(int days) throws IOException {
        ca.clockSkew(Duration.ofDays(days));
        Account account = account();
        assertThatExceptionOfType(AcmeClockException.class).isThrownBy(() -> account.obtain(REQUEST, solver));

        ca.clockSkew(Duration.ZERO);

        assertThat(account.obtain(REQUEST, solver).chain().certificates()).isNotEmpty();
    }

    @Test
    void nothingIsFinalizedWhenItIsNoticedLate() throws IOException {
        KeyPair key = TestClients.newKey();
        String url = client.register(Registration.with(key).agreeToTerms()).url();
        Directory directory = client.fetchDirectory();
        ca.clockSkew(Duration.ofDays(365));

        try (AcmeClient begun =
                clientBuilder().directory(directory, time.instant()).build()) {
            Account account = begun.account(url, key);
            assertThatExceptionOfType(AcmeClockException.class).isThrownBy(() -> account.obtain(REQUEST, solver));
        }
        assertThat(ca.count(Endpoint.FINALIZE)).isZero();
        assertThat(ca.certificates()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "soon",
                "",
                "0",
                "2019-01-01T00:00:00Z",
                "Thu, 01 Jan 1970 00:00:00 GMT",
                "Mon, 01 Jan 2018 00:00:00 GMT"
            })
    void aDateThatCannotBeBelievedDoesNotMatter(String date) throws IOException {
        everywhere(Fault.header("Date", date));

        account().obtain(REQUEST, solver);

        assertThat(client.clockDifference()).isEmpty();
    }

    @Test
    void aCaNeedNotSayTheTime() throws IOException {
        everywhere(Fault.withoutHeader("Date"));

        account().obtain(REQUEST, solver);

        assertThat(client.clockDifference()).isEmpty();
    }

    @Test
    void theTimeOfACacheIsNotTheCas() throws IOException {
        Account account = account();
        ca.clockSkew(Duration.ofDays(-30));
        ca.fault(Endpoint.NEW_NONCE, Fault.header("Age", "2592000"), ALWAYS);
        ca.fault(Endpoint.ACCOUNT, Fault.header("Age", "2592000"));
        account.fetch();

        assertThat(client.clockDifference())
                .hasValueSatisfying(now -> assertThat(now.isAgreement()).isTrue());
    }

    @Test
    void aSmallerDifferenceIsLoggedOnce() throws IOException {
        ca.clockSkew(Duration.ofHours(3));
        Account account = account();

        List<String> logged = LogCapture.during(() -> {
            account.obtain(REQUEST, solver);
            account.obtain(CertificateRequest.of("other.example.test"), solver);
        });

        assertThat(logged).filteredOn(line -> line.contains("clock")).hasSize(1);
    }

    @Test
    void howMuchIsTooMuchIsASetting() throws IOException {
        ca.clockSkew(Duration.ofHours(3));
        KeyPair key = TestClients.newKey();
        try (AcmeClient strict =
                clientBuilder().maxClockDifference(Duration.ofHours(1)).build()) {
            Account account = strict.register(Registration.with(key).agreeToTerms());

            assertThatExceptionOfType(AcmeClockException.class)
                    .isThrownBy(() -> account.createOrder(OrderRequest.of("www.example.test")));
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> clientBuilder().maxClockDifference(Duration.ofSeconds(-1)));
    }
}
