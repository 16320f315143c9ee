package org.wucme.acme.challenge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.wucme.acme.Identifier;

/** Checklist items 34 and 35: the forms in which a key authorization is published. */
class ChallengeFormsTest {

    // RFC 8555 section 8.3; the digests were made with openssl.
    private static final String TOKEN = "LoqXcYV8q5ONbJQxbmR7SCTNo3tiAXDfowyjxAjEuX0";
    private static final String THUMBPRINT = "9jg46WB3rR_AHD-EBXdN7cBkH1WOu0tA3M9fm21mqTI";
    private static final KeyAuthorization ANSWER = KeyAuthorization.of(TOKEN, THUMBPRINT);
    private static final AccountIdentity ACCOUNT = new AccountIdentity("https://ca.example/acct/1", THUMBPRINT);
    private static final String DIGEST = "2cfb08c13a3ba3c0681b4faf8c2c8640605649520fc48fa2fd7df7e9e50e419a";

    @Test
    void aKeyAuthorizationIsTokenDotThumbprint() {
        assertThat(ANSWER.value())
                .isEqualTo("LoqXcYV8q5ONbJQxbmR7SCTNo3tiAXDfowyjxAjEuX0.9jg46WB3rR_AHD-EBXdN7cBkH1WOu0tA3M9fm21mqTI");
    }

    @Test
    void itsDigestIsSha256OfTheText() {
        assertThat(HexFormat.of().formatHex(ANSWER.digest())).isEqualTo(DIGEST);
        assertThat(ANSWER.dnsValue()).isEqualTo("LPsIwTo7o8BoG0-vjCyGQGBWSVIPxI-i_X336eUOQZo");
    }

    @Test
    void aKeyAuthorizationIsNeverPrinted() {
        assertThat(ANSWER.toString()).doesNotContain(TOKEN).doesNotContain(THUMBPRINT);
    }

    @Test
    void anAccountIsPrintedWithoutItsPartOfKeyAuthorizations() {
        assertThat(ACCOUNT.toString()).contains("https://ca.example/acct/1").doesNotContain(THUMBPRINT);
    }

    @Test
    void http01IsAnsweredBelowWellKnown() {
        Http01 challenge = new Http01("https://ca.example/chall/1", TOKEN, ChallengeStatus.PENDING, null);
        assertThat(challenge.path()).isEqualTo("/.well-known/acme-challenge/" + TOKEN);
        assertThat(challenge.type()).isEqualTo("http-01");
        assertThat(challenge.keyAuthorization(ACCOUNT).value()).isEqualTo(ANSWER.value());
    }

    @ParameterizedTest
    @CsvSource({
        "www.example.org,  _acme-challenge.www.example.org",
        "*.example.org,    _acme-challenge.example.org",
        "bücher.example,   _acme-challenge.xn--bcher-kva.example"
    })
    void dns01IsAnsweredBelowTheNameItself(String name, String record) {
        Dns01 challenge = new Dns01("https://ca.example/chall/1", TOKEN, ChallengeStatus.PENDING, null);
        assertThat(challenge.recordName(Identifier.dns(name))).isEqualTo(record);
        assertThat(challenge.txtRecord(Identifier.dns(name), ACCOUNT))
                .isEqualTo(new TxtRecord(record, ANSWER.dnsValue()));
        assertThat(challenge.type()).isEqualTo("dns-01");
    }

    @Test
    void tlsAlpn01CarriesTheDigestAsDerOctetString() {
        assertThat(HexFormat.of().formatHex(TlsAlpn01.extensionValue(ANSWER))).isEqualTo("0420" + DIGEST);
        assertThat(new TlsAlpn01("https://ca.example/chall/1", TOKEN, ChallengeStatus.PENDING, null).type())
                .isEqualTo("tls-alpn-01");
    }

    // RFC 1035 section 3.5 and RFC 3596 section 2.5, which RFC 8738 section 6 refers to.
    @ParameterizedTest
    @CsvSource({
        "www.example.org, www.example.org",
        "10.2.0.52, 52.0.2.10.in-addr.arpa",
        "192.0.2.255, 255.2.0.192.in-addr.arpa",
        "4321:0:1:2:3:4:567:89ab, b.a.9.8.7.6.5.0.4.0.0.0.3.0.0.0.2.0.0.0.1.0.0.0.0.0.0.0.1.2.3.4.ip6.arpa",
        "2001:db8::1, 1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa"
    })
    void tlsAlpn01AsksForTheNameOrTheReverseOfTheAddress(String identifier, String serverName) {
        assertThat(TlsAlpn01.serverName(Identifier.of(identifier))).isEqualTo(serverName);
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "dead.beef", ".::1", "127.1", ""})
    void whatACaCallsAnAddressIsNotLookedUp(String value) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TlsAlpn01.serverName(new Identifier(Identifier.IP, value)))
                .withMessageContaining("\"" + value + "\" is not an IP");
    }
}
