package org.wucme.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.nimbusds.jose.JWSObjectJSON;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.wucme.testing.ca.Endpoint;
import org.wucme.testing.ca.Fault;

/** Revocation: RFC 8555 section 7.6. */
class RevocationTest extends AtTestCa {

    private IssuedCertificate issue(Account account) throws IOException {
        return account.obtain(request("www.example.test").build(), solver);
    }

    @ParameterizedTest
    @EnumSource(names = {"UNSPECIFIED", "KEY_COMPROMISE", "SUPERSEDED", "CESSATION_OF_OPERATION"})
    void byTheAccountThatGotIt(RevocationReason reason) throws IOException {
        Account account = account();
        X509Certificate leaf = issue(account).chain().leaf();

        assertThat(account.revoke(leaf, reason)).isTrue();

        assertThat(ca.isRevoked(leaf)).isTrue();
    }

    @Test
    void byTheCertificatesKeyWithoutAnAccount() throws IOException {
        IssuedCertificate issued = issue(account());

        try (AcmeClient stranger = clientBuilder().build()) {
            assertThat(stranger.revoke(
                            issued.chain().leaf(),
                            Objects.requireNonNull(issued.key()),
                            RevocationReason.KEY_COMPROMISE))
                    .isTrue();
        }
        assertThat(ca.isRevoked(issued.chain().leaf())).isTrue();
    }

    @Test
    void byAnotherAccountThatIsAuthorizedForAllItsNames() throws IOException {
        X509Certificate leaf = issue(account()).chain().leaf();
        Account other = account();
        issue(other);

        assertThat(other.revoke(leaf, RevocationReason.SUPERSEDED)).isTrue();

        assertThat(ca.isRevoked(leaf)).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void sendsTheNumberOfEveryReason(RevocationReason reason) throws IOException {
        Account account = account();
        X509Certificate leaf = issue(account).chain().leaf();
        ca.clearLog().fault(Endpoint.REVOKE, Fault.status(200, "text/plain", ""));

        account.revoke(leaf, reason);

        assertThat(ca.signedBodies())
                .singleElement()
                .satisfies(body -> assertThat(
                                JWSObjectJSON.parse(body).getPayload().toJSONObject())
                        .containsEntry("reason", (long) reason.code()));
    }

    @Test
    void saysThatItHadBeenRevokedAlready() throws IOException {
        Account account = account();
        IssuedCertificate issued = issue(account);
        X509Certificate leaf = issued.chain().leaf();
        account.revoke(leaf, RevocationReason.SUPERSEDED);

        assertThat(account.revoke(leaf, RevocationReason.SUPERSEDED)).isFalse();
        assertThat(client.revoke(leaf, Objects.requireNonNull(issued.key()), RevocationReason.KEY_COMPROMISE))
                .isFalse();
    }

    @Test
    void isDoneWhenTheReplyIsLostAfterItTookEffect() throws IOException {
        Account account = account();
        X509Certificate leaf = issue(account).chain().leaf();
        ca.fault(Endpoint.REVOKE, Fault.resetAfter());

        assertThat(account.revoke(leaf, RevocationReason.SUPERSEDED)).isFalse();
        assertThat(ca.isRevoked(leaf)).isTrue();
    }

    @Test
    void isRefusedForAReasonThatTheCaDoesNotTake() throws IOException {
        Account account = account();
        X509Certificate leaf = issue(account).chain().leaf();

        assertThatExceptionOfType(AcmeProblemException.class)
                .isThrownBy(() -> account.revoke(leaf, RevocationReason.CERTIFICATE_HOLD))
                .withMessageContaining("for reason certificate-hold")
                .withMessageContaining("The reasons accepted are")
                .matches(e -> e.problem().is(ProblemType.BAD_REVOCATION_REASON));
        assertThat(ca.isRevoked(leaf)).isFalse();
    }

    @Test
    void isRefusedToAStranger() throws IOException {
        X509Certificate leaf = issue(account()).chain().leaf();
        Account stranger = account();

        assertThatExceptionOfType(AcmeProblemException.class)
                .isThrownBy(() -> stranger.revoke(leaf, RevocationReason.UNSPECIFIED))
                .matches(e -> e.problem().is(ProblemType.UNAUTHORIZED));
        assertThatExceptionOfType(AcmeProblemException.class)
                .isThrownBy(() -> client.revoke(leaf, TestClients.newKey(), RevocationReason.KEY_COMPROMISE))
                .matches(e -> e.problem().is(ProblemType.UNAUTHORIZED));
    }

    @Test
    void isRepeatedWhenTheReplyIsLost() throws IOException {
        Account account = account();
        X509Certificate leaf = issue(account).chain().leaf();
        ca.fault(Endpoint.REVOKE, Fault.resetBefore());

        assertThat(account.revoke(leaf, RevocationReason.SUPERSEDED)).isTrue();
        assertThat(ca.isRevoked(leaf)).isTrue();
    }
}
