package org.wucme.acme.challenge;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.wucme.acme.Identifier;

/** draft-ietf-acme-dns-account-label-03: the record is the account's own. */
class DnsAccount01Test {

    private static final String TOKEN = "ODE4OWY4NTktYjhmYS00YmY1LTk5MDgtZTFjYTZmNjZlYTUx";
    private static final String THUMBPRINT = "9jg46WB3rR_AHD-EBXdN7cBkH1WOu0tA3M9fm21mqTI";

    private final DnsAccount01 challenge =
            new DnsAccount01("https://ca.example/chall/1", TOKEN, ChallengeStatus.PENDING, null);

    // The draft's own example, then labels made with sha256sum and base32.
    @ParameterizedTest
    @CsvSource({
        "https://example.com/acme/acct/ExampleAccount, _ujmmovf2vn55tgye",
        "https://ca.example/acct/11, _mqu5cwuych6ogehl",
        "https://ca.example/acct/727, _aa4ekn3sr3ylnjcq"
    })
    void theLabelIsMadeOfTheAccountsUrl(String account, String label) {
        TxtRecord record =
                challenge.txtRecord(Identifier.dns("www.example.org"), new AccountIdentity(account, THUMBPRINT));

        assertThat(record.name()).isEqualTo(label + "._acme-challenge.www.example.org");
    }

    @Test
    void theValueIsThatOfDns01() {
        AccountIdentity account = new AccountIdentity("https://ca.example/acct/1", THUMBPRINT);

        assertThat(challenge.txtRecord(Identifier.dns("example.org"), account).value())
                .isEqualTo(KeyAuthorization.of(TOKEN, THUMBPRINT).dnsValue());
        assertThat(challenge.type()).isEqualTo("dns-account-01");
    }

    @Test
    void aWildcardIsProvenAtTheNameItself() {
        AccountIdentity account = new AccountIdentity("https://ca.example/acct/1", THUMBPRINT);

        assertThat(DnsAccount01.recordName(Identifier.dns("*.example.org"), account))
                .isEqualTo(DnsAccount01.recordName(Identifier.dns("example.org"), account));
    }
}
