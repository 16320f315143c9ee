package org.wucme.acme.internal.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.wucme.acme.AcmeProtocolException;
import org.wucme.acme.challenge.Challenge;
import org.wucme.acme.challenge.ChallengeStatus;
import org.wucme.acme.challenge.DeviceAttest01;
import org.wucme.acme.challenge.DnsAccount01;
import org.wucme.acme.challenge.DnsPersist01;
import org.wucme.acme.challenge.EmailReply00;
import org.wucme.acme.challenge.OnionCsr01;
import org.wucme.acme.challenge.UnknownChallenge;

/** The challenges of the extensions of RFC 8555, as their documents show them. */
class ChallengesTest {

    private static final String PREFIX = "https://ca.example/account-hash/";
    private static final String COMMON = "'url':'https://ca.example/c/1','status':'pending',";
    private static final String URL = "https://ca.example/c/1";
    private static final String TOKEN = "evaGxfADs6pSRb2LAv9IZf17Dt3juxGJ-PCt92wr-oA";

    @Test
    void dnsAccount01AndDeviceAttest01HaveAToken() throws AcmeProtocolException {
        assertThat(read("'type':'dns-account-01','token':'" + TOKEN + "'"))
                .isEqualTo(new DnsAccount01(URL, TOKEN, ChallengeStatus.PENDING, null));
        assertThat(read("'type':'device-attest-01','token':'" + TOKEN + "'"))
                .isEqualTo(new DeviceAttest01(URL, TOKEN, ChallengeStatus.PENDING, null));
    }

    @Test
    void dnsPersist01OfDraft01HasHyphens() throws AcmeProtocolException {
        assertThat(read("'type':'dns-persist-01','issuer-domain-names':['a.example','b.example']"))
                .isEqualTo(persist(List.of("a.example", "b.example"), false, null));
        assertThat(read("'type':'dns-persist-01','issuer-domain-names':['a.example'],'accounturi':'https://a/1'"))
                .isEqualTo(persist(List.of("a.example"), false, "https://a/1"));
    }

    @Test
    void dnsPersist01OfDraft02HasCamelCaseAndNeedsTheDirectory() throws AcmeProtocolException {
        assertThat(read("'type':'dns-persist-01','issuerDomainNames':['authority.example','ca.example.net']"))
                .isEqualTo(persist(List.of("authority.example", "ca.example.net"), true, null));
    }

    @Test
    void dnsPersist01WithoutNamesIsInNobodysWay() throws AcmeProtocolException {
        assertThat(read("'type':'dns-persist-01'")).isEqualTo(persist(List.of(), true, null));
    }

    @Test
    void emailReply00HasHalfATokenAndASender() throws AcmeProtocolException {
        assertThat(read("'type':'email-reply-00','token':'" + TOKEN + "','from':'acme@ca.example'"))
                .isEqualTo(new EmailReply00(URL, TOKEN, "acme@ca.example", ChallengeStatus.PENDING, null));
    }

    @Test
    void onionCsr01HasANonceAndPerhapsAKey() throws AcmeProtocolException {
        assertThat(read("'type':'onion-csr-01','nonce':'bI6_MRqV4gw'"))
                .isEqualTo(new OnionCsr01(URL, "bI6_MRqV4gw", null, ChallengeStatus.PENDING, null));
        assertThat(read("'type':'onion-csr-01','nonce':'bI6_MRqV4gw','authKey':{'kty':'OKP'}"))
                .isEqualTo(new OnionCsr01(URL, "bI6_MRqV4gw", "{\"kty\":\"OKP\"}", ChallengeStatus.PENDING, null));
    }

    @ParameterizedTest
    @ValueSource(strings = {"bI6/MRqV4gw=", "bI6_M", "b"})
    void aNonceThatCannotBeDecodedNeverPasses(String nonce) throws AcmeProtocolException {
        assertThat(read("'type':'onion-csr-01','nonce':'" + nonce + "'")).isInstanceOf(UnknownChallenge.class);
    }

    private static DnsPersist01 persist(List<String> names, boolean hashed, @Nullable String accountUri) {
        return new DnsPersist01(URL, names, hashed, accountUri, PREFIX, ChallengeStatus.PENDING, null);
    }

    private static Challenge read(String members) throws AcmeProtocolException {
        return Resources.challenge(
                json("{" + COMMON + members + "}"),
                Resources.directory(json("{'newNonce':'n','newAccount':'a','newOrder':'o','revokeCert':'r',"
                        + "'meta':{'accountHashPrefix':'" + PREFIX + "'}}")));
    }

    private static Json json(String document) throws AcmeProtocolException {
        return Json.parse(document.replace('\'', '"').getBytes(StandardCharsets.UTF_8), "the document");
    }
}
