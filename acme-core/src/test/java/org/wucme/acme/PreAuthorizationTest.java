package org.wucme.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.wucme.testing.ca.Endpoint;
import org.wucme.testing.ca.Fault;
import org.wucme.testing.ca.TestCa;

/** Authorizations ahead of an order, and of domains with all below them: RFC 8555 section 7.4.1, RFC 9444. */
class PreAuthorizationTest extends AtTestCa {

    private static final Identifier DOMAIN = Identifier.dns("example.test");

    PreAuthorizationTest() {
        super(TestCa.builder().preAuthorization().subdomainAuth());
    }

    private void prove(Account account, Authorization authorization) throws IOException {
        account.respond(authorization.challenges().get(0));
        assertThat(account.fetchAuthorization(authorization.url()).status()).isEqualTo(AuthorizationStatus.VALID);
    }

    @Test
    void isPendingAtFirst() throws IOException {
        Authorization authorization = account().preAuthorize(DOMAIN);

        assertThat(ca.authorizations()).containsExactly(authorization.url());
        assertThat(authorization.identifier()).isEqualTo(DOMAIN);
        assertThat(authorization.status()).isEqualTo(AuthorizationStatus.PENDING);
        assertThat(authorization.subdomainAuthAllowed()).isFalse();
        assertThat(ca.payloads(Endpoint.NEW_AUTHORIZATION))
                .singleElement()
                .asString()
                .doesNotContain("subdomain");
    }

    @Test
    void isUsedByAnOrderMadeLater() throws IOException {
        Account account = account();
        prove(account, account.preAuthorize(DOMAIN));

        assertThat(account.createOrder(OrderRequest.of("example.test")).status())
                .isEqualTo(OrderStatus.READY);
    }

    @Test
    void holdsForAllNamesBelowIfAskedSo() throws IOException {
        Account account = account();
        Authorization authorization = account.preAuthorizeWithSubdomains(DOMAIN);
        prove(account, authorization);
        ca.clearLog();

        account.obtain(
                CertificateRequest.builder(OrderRequest.of("a.example.test", "b.c.example.test")
                                .ancestorDomain("example.test"))
                        .build(),
                solver);

        assertThat(authorization.subdomainAuthAllowed()).isTrue();
        assertThat(ca.count(Endpoint.AUTHORIZATION)).isZero();
        assertThat(ca.authorizations()).containsExactly(authorization.url());
    }

    @Test
    void doesNotHoldForNamesBelowOtherwise() throws IOException {
        Account account = account();
        prove(account, account.preAuthorize(DOMAIN));

        Order order = account.createOrder(OrderRequest.of("a.example.test").ancestorDomain("example.test"));

        assertThat(order.status()).isEqualTo(OrderStatus.PENDING);
    }

    @Test
    void isAskedForAgainWhenTheReplyIsLost() throws IOException {
        Account account = account();
        ca.fault(Endpoint.NEW_AUTHORIZATION, Fault.resetBefore());

        assertThat(account.preAuthorize(DOMAIN).url())
                .isEqualTo(ca.authorizations().get(0));
    }

    @Test
    void isNotForWildcards() throws IOException {
        Account account = account();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> account.preAuthorize(Identifier.dns("*.example.test")))
                .withMessageContaining("*.example.test");
        assertThat(ca.count(Endpoint.NEW_AUTHORIZATION)).isZero();
    }

    @Test
    void isRefusedClearlyWhereTheCaDoesNotOfferIt() throws IOException {
        ca.fault(Endpoint.DIRECTORY, Fault.json(directory -> directory.remove("newAuthz")));
        Account account = account();

        assertThatExceptionOfType(AcmeException.class)
                .isThrownBy(() -> account.preAuthorize(DOMAIN))
                .withMessageContaining("newAuthz");
    }

    @Test
    void ofSubdomainsIsRefusedClearlyWhereTheCaDoesNotOfferIt() throws IOException {
        ca.fault(
                Endpoint.DIRECTORY,
                Fault.json(directory -> directory.withObject("/meta").remove("subdomainAuthAllowed")));
        Account account = account();

        assertThatExceptionOfType(AcmeException.class)
                .isThrownBy(() -> account.preAuthorizeWithSubdomains(DOMAIN))
                .withMessageContaining("RFC 9444");
    }

    @Test
    void namesBelowADomainAreProvenThereOnce() throws IOException {
        Account account = account();

        IssuedCertificate issued = account.obtain(
                CertificateRequest.builder(OrderRequest.of("a.example.test", "b.example.test", "other.test")
                                .ancestorDomain("example.test"))
                        .build(),
                solver);

        assertThat(issued.chain().identifiers()).hasSize(3);
        assertThat(ca.count(Endpoint.AUTHORIZATION)).isEqualTo(2);
        assertThat(ca.payloads(Endpoint.NEW_ORDER)).singleElement().asString().containsOnlyOnce("other.test");
    }

    @Test
    void aCaThatDoesNotOfferAncestorsIsNotTold() throws IOException {
        ca.fault(
                Endpoint.DIRECTORY,
                Fault.json(directory -> directory.withObject("/meta").remove("subdomainAuthAllowed")));

        Order order = account()
                .createOrder(OrderRequest.of("a.example.test", "b.example.test").ancestorDomain("example.test"));

        assertThat(order.authorizations()).hasSize(2);
        assertThat(ca.payloads(Endpoint.NEW_ORDER)).singleElement().asString().doesNotContain("ancestorDomain");
    }
}
