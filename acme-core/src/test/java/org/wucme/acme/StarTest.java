package org.wucme.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;
import org.wucme.testing.ca.Endpoint;
import org.wucme.testing.ca.Fault;
import org.wucme.testing.ca.TestCa;

/** Short-term certificates that the CA renews by itself: RFC 8739. */
class StarTest extends AtTestCa {

    private static final String NAME = "www.example.test";
    private static final Duration LIFETIME = Duration.ofDays(4);

    private final KeyPair key = TestClients.newKey();

    StarTest() {
        super(TestCa.builder().autoRenewal(new TestCa.AutoRenewal(Duration.ofDays(1), Duration.ofDays(365), true)));
    }

    private AutoRenewal renewal() {
        return AutoRenewal.until(time.instant().plus(Duration.ofDays(30)), LIFETIME);
    }

    private Order starOrder(Account account, AutoRenewal renewal) throws IOException {
        IssuedCertificate issued = account.obtain(
                CertificateRequest.builder(OrderRequest.of(NAME).autoRenewal(renewal))
                        .key(key)
                        .build(),
                solver);
        return account.fetchOrder(issued.orderUrl());
    }

    private static Instant seconds(Instant moment) {
        return moment.truncatedTo(ChronoUnit.SECONDS);
    }

    @Test
    void theFirstCertificateIsObtainedAsAnyOther() throws IOException {
        IssuedCertificate issued = account()
                .obtain(
                        CertificateRequest.builder(OrderRequest.of(NAME).autoRenewal(renewal()))
                                .key(key)
                                .build(),
                        solver);

        assertThat(issued.chain().identifiers()).containsExactly(Identifier.dns(NAME));
        assertThat(Duration.between(
                        issued.chain().leaf().getNotBefore().toInstant(),
                        issued.chain().leaf().getNotAfter().toInstant()))
                .isEqualTo(LIFETIME);
    }

    @Test
    void theOrderSaysHowItIsRenewed() throws IOException {
        Instant start = time.instant().minusSeconds(60);
        AutoRenewal renewal =
                renewal().startDate(start).lifetimeAdjust(Duration.ofHours(2)).allowCertificateGet(true);

        Order order = starOrder(account(), renewal);

        assertThat(order.status()).isEqualTo(OrderStatus.VALID);
        assertThat(order.certificateUrl()).isNull();
        assertThat(order.starCertificateUrl()).isNotNull();
        assertThat(order.autoRenewal())
                .isEqualTo(new AutoRenewal(
                        seconds(start), seconds(renewal.endDate()), LIFETIME, Duration.ofHours(2), true));
    }

    @Test
    void theCertificateIsAnotherOneAfterAWhile() throws IOException {
        Account account = account();
        Order order = starOrder(account, renewal());

        StarCertificate first = account.downloadStarCertificate(order);
        time.sleep(Duration.ofDays(3));
        StarCertificate second = account.downloadStarCertificate(order);

        assertThat(second.chain().leaf()).isNotEqualTo(first.chain().leaf());
        assertThat(second.chain().leaf().getPublicKey()).isEqualTo(key.getPublic());
        assertThat(second.notBefore())
                .isEqualTo(second.chain().leaf().getNotBefore().toInstant())
                .isAfter(first.notBefore());
        assertThat(second.notAfter())
                .isEqualTo(second.chain().leaf().getNotAfter().toInstant());
    }

    @Test
    void itsHeadersMayBeMissing() throws IOException {
        Account account = account();
        Order order = starOrder(account, renewal());
        ca.fault(Endpoint.STAR_CERTIFICATE, Fault.withoutHeader("Cert-Not-After"));

        StarCertificate certificate = account.downloadStarCertificate(order);

        assertThat(certificate.notBefore()).isNotNull();
        assertThat(certificate.notAfter()).isNull();
    }

    @Test
    void anybodyMayReadItIfTheOrderAllowsThat() throws IOException {
        Account account = account();
        Order order = starOrder(account, renewal().allowCertificateGet(true));
        String url = String.valueOf(order.starCertificateUrl());

        try (AcmeClient stranger = clientBuilder().build()) {
            assertThat(stranger.fetchStarCertificate(url)).isEqualTo(account.downloadStarCertificate(order));
        }
        assertThat(ca.log())
                .filteredOn(request -> request.endpoint() == Endpoint.STAR_CERTIFICATE)
                .extracting(request -> request.method())
                .contains("GET");
    }

    @Test
    void onlyTheAccountMayReadItOtherwise() throws IOException {
        Order order = starOrder(account(), renewal());

        assertThatExceptionOfType(AcmeProblemException.class)
                .isThrownBy(() -> client.fetchStarCertificate(String.valueOf(order.starCertificateUrl())))
                .matches(e -> e.problem().status() == 405);
    }

    @Test
    void renewalIsCanceled() throws IOException {
        Account account = account();
        Order order = starOrder(account, renewal());

        assertThat(account.cancelAutoRenewal(order).status()).isEqualTo(OrderStatus.CANCELED);

        assertThatExceptionOfType(AcmeProblemException.class)
                .isThrownBy(() -> account.downloadStarCertificate(order))
                .matches(e -> e.problem().is(ProblemType.AUTO_RENEWAL_CANCELED));
    }

    @Test
    void cancelingTwiceIsNoError() throws IOException {
        Account account = account();
        Order order = starOrder(account, renewal());
        account.cancelAutoRenewal(order);

        assertThat(account.cancelAutoRenewal(order).status()).isEqualTo(OrderStatus.CANCELED);
    }

    @Test
    void cancelingIsTriedAgainWhenTheReplyIsLost() throws IOException {
        Account account = account();
        Order order = starOrder(account, renewal());
        ca.fault(Endpoint.ORDER, Fault.resetAfter());

        assertThat(account.cancelAutoRenewal(order).status()).isEqualTo(OrderStatus.CANCELED);
    }

    @Test
    void anOrderThatIsNotRenewedCannotBeCanceled() throws IOException {
        Account account = account();
        Order order = account.createOrder(OrderRequest.of(NAME));

        assertThatExceptionOfType(AcmeProblemException.class)
                .isThrownBy(() -> account.cancelAutoRenewal(order))
                .matches(e -> e.problem().is(ProblemType.AUTO_RENEWAL_CANCELLATION_INVALID));
        assertThatExceptionOfType(AcmeProtocolException.class)
                .isThrownBy(() -> account.downloadStarCertificate(order))
                .withMessageContaining("pending");
    }

    @Test
    void renewalEndsByItself() throws IOException {
        Account account = account();
        Order order = starOrder(account, renewal());
        time.sleep(Duration.ofDays(31));

        assertThatExceptionOfType(AcmeProblemException.class)
                .isThrownBy(() -> account.downloadStarCertificate(order))
                .matches(e -> e.problem().is(ProblemType.AUTO_RENEWAL_EXPIRED));
    }

    @Test
    void itsCertificatesAreNotRevoked() throws IOException {
        Account account = account();
        Order order = starOrder(account, renewal());
        StarCertificate certificate = account.downloadStarCertificate(order);

        assertThatExceptionOfType(AcmeProblemException.class)
                .isThrownBy(() -> account.revoke(certificate.chain().leaf(), RevocationReason.UNSPECIFIED))
                .matches(e -> e.problem().is(ProblemType.AUTO_RENEWAL_REVOCATION_NOT_SUPPORTED));
    }

    @Test
    void aCanceledOrderIsNotWaitedFor() throws IOException {
        Account account = account();
        Order order = starOrder(account, renewal());
        Order canceled = account.cancelAutoRenewal(order);

        assertThatExceptionOfType(AcmeException.class)
                .isThrownBy(() -> account.awaitValid(canceled, PollingPolicy.DEFAULT))
                .withMessageContaining("canceled");
    }

    @Test
    void anOrderIsResumed() throws IOException {
        Account account = account();
        OrderRequest asked = OrderRequest.of(NAME).autoRenewal(renewal());
        Order begun = account.createOrder(asked);

        IssuedCertificate issued = account.obtain(
                CertificateRequest.builder(asked).key(key).resume(begun.url()).build(), solver);

        assertThat(issued.orderUrl()).isEqualTo(begun.url());
    }

    @Test
    void aCanceledOrderIsNotResumed() throws IOException {
        Account account = account();
        Order order = starOrder(account, renewal());
        account.cancelAutoRenewal(order);

        IssuedCertificate issued = account.obtain(
                CertificateRequest.builder(OrderRequest.of(NAME).autoRenewal(renewal()))
                        .key(key)
                        .resume(order.url())
                        .build(),
                solver);

        assertThat(issued.orderUrl()).isNotEqualTo(order.url());
    }

    @Test
    void anOrderWithoutRenewalIsNotResumedForOneWithIt() throws IOException {
        Account account = account();
        String url = account.createOrder(OrderRequest.of(NAME)).url();

        IssuedCertificate issued = account.obtain(
                CertificateRequest.builder(OrderRequest.of(NAME).autoRenewal(renewal()))
                        .resume(url)
                        .build(),
                solver);

        assertThat(issued.orderUrl()).isNotEqualTo(url);
    }

    @Test
    void aFirstCertificateForLaterIsTaken() throws IOException {
        Instant later = seconds(time.instant().plus(Duration.ofDays(7)));

        Order order = starOrder(account(), renewal().startDate(later));

        assertThat(order.autoRenewal()).extracting(AutoRenewal::startDate).isEqualTo(later);
        assertThat(ca.certificates().get(0).getNotBefore().toInstant()).isEqualTo(later);
    }

    @Test
    void tooShortALifetimeIsRefusedBeforeTheCaIsAsked() throws IOException {
        assertRefused(AutoRenewal.until(time.instant().plus(LIFETIME), Duration.ofHours(1)), "less than 86400 seconds");
    }

    @Test
    void tooLongARenewalIsRefusedBeforeTheCaIsAsked() throws IOException {
        assertRefused(
                AutoRenewal.until(time.instant().plus(Duration.ofDays(366)), LIFETIME),
                "no longer than 31536000 seconds");
    }

    @Test
    void aRenewalOfThePastIsRefusedBeforeTheCaIsAsked() throws IOException {
        assertRefused(AutoRenewal.until(time.instant().minusSeconds(1), LIFETIME), "in the past");
    }

    @Test
    void aCaThatDoesNotRenewIsNotAsked() throws IOException {
        ca.fault(
                Endpoint.DIRECTORY,
                Fault.json(directory -> directory.withObject("/meta").remove("auto-renewal")));

        assertRefused(renewal(), "does not renew certificates by itself");
    }

    private void assertRefused(AutoRenewal renewal, String why) throws IOException {
        Account account = account();

        assertThatExceptionOfType(AcmeException.class)
                .isThrownBy(() -> account.createOrder(OrderRequest.of(NAME).autoRenewal(renewal)))
                .withMessageContaining(why);
        assertThat(ca.count(Endpoint.NEW_ORDER)).isZero();
    }

    @Test
    void whatCannotBeIsRefused() {
        Instant now = time.instant();
        assertThatIllegalArgumentException().isThrownBy(() -> AutoRenewal.until(now, Duration.ofMillis(900)));
        assertThatIllegalArgumentException().isThrownBy(() -> renewal().lifetimeAdjust(Duration.ofSeconds(-1)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AutoRenewal.until(now, LIFETIME).startDate(now));
    }
}
