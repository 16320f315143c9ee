package org.wucme.acme.internal.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.wucme.acme.AccountInfo;
import org.wucme.acme.AccountStatus;
import org.wucme.acme.AcmeProtocolException;
import org.wucme.acme.Authorization;
import org.wucme.acme.AuthorizationStatus;
import org.wucme.acme.AutoRenewal;
import org.wucme.acme.AutoRenewalLimits;
import org.wucme.acme.Directory;
import org.wucme.acme.Identifier;
import org.wucme.acme.Order;
import org.wucme.acme.OrderStatus;
import org.wucme.acme.Problem;
import org.wucme.acme.challenge.Challenge;
import org.wucme.acme.challenge.ChallengeStatus;
import org.wucme.acme.challenge.Dns01;
import org.wucme.acme.challenge.Http01;
import org.wucme.acme.challenge.TlsAlpn01;
import org.wucme.acme.challenge.UnknownChallenge;

/** Checklist items 14, 24, 25 and 34: what CAs send, and leave out. */
class ResourcesTest {

    private static final String URL = "https://ca.example/1";
    private static final String TOKEN = "evaGxfADs6pSRb2LAv9IZf17Dt3juxGJ-PCt92wr-oA";

    @Test
    void aDirectoryNeedsNoMetaAndMayHoldAnything() throws AcmeProtocolException {
        Directory directory =
                Resources.directory(json("{'newNonce':'n','newAccount':'a','newOrder':'o','revokeCert':'r',"
                        + "'xyzzy':{'random':1},'newAuthz':null}"));
        assertThat(directory.newNonce()).isEqualTo("n");
        assertThat(directory.keyChange()).isNull();
        assertThat(directory.renewalInfo()).isNull();
        assertThat(directory.termsOfService()).isNull();
        assertThat(directory.caaIdentities()).isEmpty();
        assertThat(directory.externalAccountRequired()).isFalse();
        assertThat(directory.profiles()).isEmpty();
        assertThat(directory.issuerDomainNames()).isEmpty();
        assertThat(directory.accountHashPrefix()).isNull();
    }

    @Test
    void aListOfAnyLengthIsKeptOnlyInPart() throws AcmeProtocolException {
        String contacts = "'mailto:a@example.org',".repeat(5000) + "'mailto:" + "x".repeat(5000) + "'";
        AccountInfo account = Resources.account(URL, json("{'status':'valid','contact':[" + contacts + "]}"));
        assertThat(account.contacts()).hasSize(100).containsOnly("mailto:a@example.org");

        String challenge = "{'type':'http-01','url':'" + URL + "','token':'" + TOKEN + "'},";
        Authorization authorization = Resources.authorization(
                URL,
                json("{'identifier':{'type':'dns','value':'a.example'},'challenges':[" + challenge.repeat(5000)
                        + "null]}"),
                Resources.directory(json("{'newNonce':'n'}")),
                null);
        assertThat(authorization.challenges()).hasSize(100);

        String name = "{'type':'dns','value':'a.example'},";
        Order order = Resources.order(
                URL,
                json("{'status':'pending','identifiers':[" + name.repeat(20_000) + "null],'authorizations':["
                        + "'https://ca.example/a',".repeat(20_000) + "null]}"),
                null);
        assertThat(order.identifiers()).hasSize(10_000);
        assertThat(order.authorizations()).hasSize(10_000);

        Problem problem = Resources.problem(json("{'subproblems':[" + "{'type':'t'},".repeat(5000) + "null]}"));
        assertThat(problem.subproblems()).hasSize(100);
    }

    @Test
    void aContactThatIsTooLongIsLeftOut() throws AcmeProtocolException {
        assertThat(Resources.account(URL, json("{'contact':['mailto:" + "x".repeat(5000) + "','mailto:a@b.example']}"))
                        .contacts())
                .containsExactly("mailto:a@b.example");
    }

    @Test
    void aDirectorysMetaIsRead() throws AcmeProtocolException {
        Directory directory = Resources.directory(
                json(
                        "{'newNonce':'n','newAccount':'a','newOrder':'o','revokeCert':'r',"
                                + "'keyChange':'k','renewalInfo':'i','meta':{'termsOfService':'t','website':'w','caaIdentities':['c1','c2'],'externalAccountRequired':true,'profiles':{'classic':'90"
                                + " days'},'unknown':[],"
                                + "'issuerDomainNames':['ca.example'],'accountHashPrefix':'https://ca.example/account-hash/'}}"));
        assertThat(directory.keyChange()).isEqualTo("k");
        assertThat(directory.renewalInfo()).isEqualTo("i");
        assertThat(directory.termsOfService()).isEqualTo("t");
        assertThat(directory.website()).isEqualTo("w");
        assertThat(directory.caaIdentities()).containsExactly("c1", "c2");
        assertThat(directory.externalAccountRequired()).isTrue();
        assertThat(directory.profiles()).containsEntry("classic", "90 days");
        assertThat(directory.issuerDomainNames()).containsExactly("ca.example");
        assertThat(directory.accountHashPrefix()).isEqualTo("https://ca.example/account-hash/");
    }

    private static Directory directory(String meta) throws AcmeProtocolException {
        return Resources.directory(json("{'newNonce':'n','newAccount':'a','newOrder':'o','newAuthz':'z',"
                + "'revokeCert':'r','meta':{" + meta + "}}"));
    }

    @Test
    void aDirectorysExtensionsAreRead() throws AcmeProtocolException {
        Directory directory =
                directory("'auto-renewal':{'min-lifetime':86400,'max-duration':31536000,'allow-certificate-get':true},"
                        + "'delegation-enabled':true,'allow-certificate-get':true,'subdomainAuthAllowed':true,"
                        + "'inBandOnionCAARequired':true");
        assertThat(directory.newAuthz()).isEqualTo("z");
        assertThat(directory.autoRenewal())
                .isEqualTo(new AutoRenewalLimits(Duration.ofDays(1), Duration.ofDays(365), true));
        assertThat(directory.delegationEnabled()).isTrue();
        assertThat(directory.allowCertificateGet()).isTrue();
        assertThat(directory.subdomainAuthAllowed()).isTrue();
        assertThat(directory.inBandOnionCaaRequired()).isTrue();
    }

    @Test
    void aDirectoryNeedsNoExtensions() throws AcmeProtocolException {
        Directory directory = directory("");
        assertThat(directory.autoRenewal()).isNull();
        assertThat(directory.delegationEnabled()).isFalse();
        assertThat(directory.allowCertificateGet()).isFalse();
        assertThat(directory.subdomainAuthAllowed()).isFalse();
        assertThat(directory.inBandOnionCaaRequired()).isFalse();
    }

    @Test
    void extensionsThatAreWrittenWronglyAreTakenAsMissing() throws AcmeProtocolException {
        Directory directory = directory("'auto-renewal':{'min-lifetime':'1 day','max-duration':1e99},"
                + "'delegation-enabled':'yes','subdomainAuthAllowed':1,'profiles':['classic'],"
                + "'issuerDomainNames':'ca.example','accountHashPrefix':{}");
        assertThat(directory.autoRenewal()).isEqualTo(new AutoRenewalLimits(null, null, false));
        assertThat(directory.delegationEnabled()).isFalse();
        assertThat(directory.subdomainAuthAllowed()).isFalse();
        assertThat(directory.profiles()).isEmpty();
        assertThat(directory.issuerDomainNames()).isEmpty();
        assertThat(directory.accountHashPrefix()).isNull();
    }

    @Test
    void whatAnOrderAskedForIsRead() throws AcmeProtocolException {
        Order order = Resources.order(
                URL,
                json("{'status':'canceled','finalize':'f','notBefore':'2026-11-22T12:00:00Z',"
                        + "'notAfter':'2026-11-23T12:00:00Z','replaces':'q.r','star-certificate':'s','delegation':'d',"
                        + "'auto-renewal':{'start-date':'2026-11-22T12:00:00Z','end-date':'2026-12-22T12:00:00Z',"
                        + "'lifetime':345600,'lifetime-adjust':60,'allow-certificate-get':true}}"),
                null);
        assertThat(order.status()).isEqualTo(OrderStatus.CANCELED);
        assertThat(order.notBefore()).isEqualTo("2026-11-22T12:00:00Z");
        assertThat(order.notAfter()).isEqualTo("2026-11-23T12:00:00Z");
        assertThat(order.replaces()).isEqualTo("q.r");
        assertThat(order.starCertificateUrl()).isEqualTo("s");
        assertThat(order.delegation()).isEqualTo("d");
        assertThat(order.autoRenewal())
                .isEqualTo(new AutoRenewal(
                        Instant.parse("2026-11-22T12:00:00Z"),
                        Instant.parse("2026-12-22T12:00:00Z"),
                        Duration.ofDays(4),
                        Duration.ofMinutes(1),
                        true));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{'end-date':'2026-12-22T12:00:00Z'}",
                "{'lifetime':345600}",
                "{'end-date':'soon','lifetime':345600}",
                "{'end-date':'2026-12-22T12:00:00Z','lifetime':-1}",
                "{'end-date':'2026-12-22T12:00:00Z','lifetime':9,'start-date':'2027-12-22T12:00:00Z'}",
                "'daily'"
            })
    void whatAnOrderRepeatsWronglyIsTakenAsMissing(String renewal) throws AcmeProtocolException {
        Order order = Resources.order(
                URL,
                json("{'status':'pending','finalize':'f','notBefore':'now','replaces':7,'auto-renewal':" + renewal
                        + "}"),
                null);
        assertThat(order.autoRenewal()).isNull();
        assertThat(order.notBefore()).isNull();
        assertThat(order.replaces()).isNull();
    }

    @Test
    void anAuthorizationMayHoldForSubdomains() throws AcmeProtocolException {
        assertThat(authorization("'status':'valid','subdomainAuthAllowed':true").subdomainAuthAllowed())
                .isTrue();
        assertThat(authorization("'status':'valid'").subdomainAuthAllowed()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{'newNonce':null}", "{'newNonce':''}", "{'newNonce':' '}", "{'newNonce':1}"})
    void aDirectoryWithoutNoncesIsNone(String document) {
        assertThatExceptionOfType(AcmeProtocolException.class)
                .isThrownBy(() -> Resources.directory(json(document)))
                .withMessageContaining("\"newNonce\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"'newNonce':'n'", "'newNonce':'n','meta':7", "'newNonce':'n','meta':''"})
    void aDirectoryMayLackEverythingElse(String members) throws AcmeProtocolException {
        Directory directory = Resources.directory(json("{" + members + "}"));

        assertThat(directory.newNonce()).isEqualTo("n");
        assertThat(directory.newAccount()).isNull();
        assertThat(directory.newOrder()).isNull();
        assertThat(directory.revokeCert()).isNull();
        assertThat(directory.caaIdentities()).isEmpty();
        assertThat(directory.externalAccountRequired()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "''", "' '", "7", "true", "'x'", "[]", "[7]", "[null,'']", "{}", "{'x':[7]}"})
    void anOptionalMemberThatCannotBeReadIsMissing(String odd) throws AcmeProtocolException {
        Directory directory = Resources.directory(json(("{'newNonce':'n','meta':{'caaIdentities':%1$s,"
                        + "'externalAccountRequired':[%1$s],'profiles':[%1$s],'auto-renewal':[%1$s]}}")
                .formatted(odd)));
        Order order = Resources.order(
                URL,
                json(("{'expires':[%1$s],'notBefore':[%1$s],'notAfter':[%1$s],'replaces':[%1$s],'identifiers':%1$s,"
                                + "'auto-renewal':[%1$s],'profile':[%1$s],'finalize':[%1$s],'certificate':[%1$s]}")
                        .formatted(odd)),
                null);
        Authorization authorization =
                authorization("'wildcard':[%1$s],'expires':[%1$s],'challenges':[%1$s],'status':[%1$s]".formatted(odd));

        assertThat(directory.externalAccountRequired()).isFalse();
        assertThat(directory.profiles()).isEmpty();
        assertThat(directory.autoRenewal()).isNull();
        assertThat(order)
                .isEqualTo(new Order(
                        URL,
                        OrderStatus.UNKNOWN,
                        List.of(),
                        List.of(),
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null));
        assertThat(authorization.identifier()).isEqualTo(Identifier.dns("a.example"));
        assertThat(authorization.status()).isEqualTo(AuthorizationStatus.UNKNOWN);
        assertThat(authorization.challenges()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"READY", "Ready", " ready "})
    void aStatusIsReadInAnyCase(String word) throws AcmeProtocolException {
        assertThat(Resources.order(URL, json("{'status':'" + word + "'}"), null).status())
                .isEqualTo(OrderStatus.READY);
    }

    @ParameterizedTest
    @ValueSource(strings = {"'statuss':'valid'", "'status':''", "'status':7", "'status':'issued'"})
    void anOrderWithACertificateIsValidWhateverItSays(String status) throws AcmeProtocolException {
        assertThat(Resources.order(URL, json("{'certificate':'c'," + status + "}"), null)
                        .status())
                .isEqualTo(OrderStatus.VALID);
    }

    @ParameterizedTest
    @CsvSource({
        "valid,valid,VALID",
        "invalid,valid,VALID",
        "pending,invalid,PENDING",
        "processing,invalid,PENDING",
        "invalid,invalid,UNKNOWN"
    })
    void anAuthorizationWithoutStatusHasThatOfItsChallenges(String one, String other, AuthorizationStatus status)
            throws AcmeProtocolException {
        assertThat(authorization("'challenges':[{'type':'x','url':'u','status':'" + one
                                + "'},{'type':'y','url':'v','status':'" + other + "'}]")
                        .status())
                .isEqualTo(status);
    }

    @Test
    void aChallengeWithoutTypeOrUrlIsLeftOut() throws AcmeProtocolException {
        assertThat(authorization("'challenges':[{'type':'x'},{'url':'u'},7," + challenge("http-01") + "]")
                        .challenges())
                .extracting(Challenge::type)
                .containsExactly("http-01");
    }

    @Test
    void anotherSpellingOfANameIsTheSameName() throws AcmeProtocolException {
        Order order = Resources.order(
                URL,
                json("{'identifiers':[{'type':'DNS','value':'WWW.Example.TEST.'},{'type':'ip','value':'2001:DB8:0::1'},"
                        + "{'type':'dns','value':'_odd name'}]}"),
                null);

        assertThat(order.identifiers())
                .containsExactly(
                        Identifier.dns("www.example.test"),
                        Identifier.ip("2001:db8::1"),
                        new Identifier("dns", "_odd name"));
    }

    @Test
    void identifiersWithAGapAreNotSaid() throws AcmeProtocolException {
        assertThat(Resources.order(
                                URL, json("{'identifiers':[{'type':'dns','value':'a.example'},{'type':'dns'}]}"), null)
                        .identifiers())
                .isEmpty();
    }

    @Test
    void anErrorInWordsAloneIsKept() throws AcmeProtocolException {
        Problem error = Resources.order(URL, json("{'status':'invalid','error':'CAA forbids it'}"), null)
                .error();

        assertThat(error == null ? null : error.describe()).isEqualTo("CAA forbids it");
    }

    @ParameterizedTest
    @CsvSource({
        "valid,VALID",
        "deactivated,DEACTIVATED",
        "revoked,REVOKED",
        "frozen,UNKNOWN",
        "Valid,VALID",
        "unknown,UNKNOWN"
    })
    void anAccountsStatusIsKeptOrUnknown(String word, AccountStatus status) throws AcmeProtocolException {
        assertThat(Resources.account(URL, json("{'status':'" + word + "'}")).status())
                .isEqualTo(status);
    }

    @Test
    void anAccountMayTellNothing() throws AcmeProtocolException {
        assertThat(Resources.account(URL, json("{}")))
                .isEqualTo(new AccountInfo(URL, AccountStatus.UNKNOWN, List.of(), null));
    }

    @ParameterizedTest
    @CsvSource({
        "pending,PENDING",
        "ready,READY",
        "processing,PROCESSING",
        "valid,VALID",
        "invalid,INVALID",
        "held,UNKNOWN"
    })
    void anOrdersStatusIsKeptOrUnknown(String word, OrderStatus status) throws AcmeProtocolException {
        Order order = Resources.order(URL, json("{'status':'" + word + "','finalize':'f'}"), null);
        assertThat(order.status()).isEqualTo(status);
        assertThat(order.identifiers()).isEmpty();
        assertThat(order.certificateUrl()).isNull();
        assertThat(order.expires()).isNull();
        assertThat(order.error()).isNull();
    }

    @Test
    void anOrderIsRead() throws AcmeProtocolException {
        Order order = Resources.order(
                URL,
                json(
                        "{'status':'invalid','finalize':'f','certificate':'c','expires':'2026-11-22T12:00:00Z','profile':'p',"
                                + "'identifiers':[{'type':'dns','value':'a.example'},{'type':'x','value':'Y'}],"
                                + "'authorizations':['z1','z2'],'error':{'detail':'why'},'replaces':'q'}"),
                Instant.EPOCH);
        assertThat(order.url()).isEqualTo(URL);
        assertThat(order.identifiers()).containsExactly(Identifier.dns("a.example"), new Identifier("x", "Y"));
        assertThat(order.authorizations()).containsExactly("z1", "z2");
        assertThat(order.certificateUrl()).isEqualTo("c");
        assertThat(order.expires()).isEqualTo("2026-11-22T12:00:00Z");
        assertThat(order.profile()).isEqualTo("p");
        assertThat(order.retryAt()).isEqualTo(Instant.EPOCH);
        Problem error = order.error();
        assertThat(error == null ? null : error.detail()).isEqualTo("why");
        assertThat(error == null ? null : error.type()).isEqualTo("about:blank");
    }

    @ParameterizedTest
    @CsvSource({
        "pending,PENDING",
        "valid,VALID",
        "invalid,INVALID",
        "expired,EXPIRED",
        "deactivated,DEACTIVATED",
        "revoked,REVOKED",
        "busy,UNKNOWN"
    })
    void anAuthorizationsStatusIsKeptOrUnknown(String word, AuthorizationStatus status) throws AcmeProtocolException {
        assertThat(authorization("'status':'" + word + "'").status()).isEqualTo(status);
    }

    @Test
    void theWildcardIsKeptApartOnTheWireAndPutBack() throws AcmeProtocolException {
        assertThat(authorization("'status':'pending','wildcard':true").identifier())
                .isEqualTo(Identifier.dns("*.a.example"));
        assertThat(authorization("'status':'pending','wildcard':false").identifier())
                .isEqualTo(Identifier.dns("a.example"));
        assertThat(authorization("'status':'pending'").identifier()).isEqualTo(Identifier.dns("a.example"));
    }

    @Test
    void anAuthorizationWithoutIdentifierIsRefused() {
        assertThatExceptionOfType(AcmeProtocolException.class)
                .isThrownBy(() -> Resources.authorization(URL, json("{'status':'pending'}"), directory(""), null))
                .withMessageContaining(URL)
                .withMessageContaining("\"identifier\"");
    }

    @Test
    void challengesKeepTheCasOrderAndUnknownTypesAreKept() throws AcmeProtocolException {
        Authorization authorization = authorization("'status':'pending','challenges':["
                + challenge("dns-01") + "," + challenge("http-01") + "," + challenge("tls-alpn-01")
                + ",{'type':'new-99','url':'u','extra':[1]}]");
        assertThat(authorization.challenges())
                .extracting(Challenge::type)
                .containsExactly("dns-01", "http-01", "tls-alpn-01", "new-99");
        assertThat(authorization.challenge(Http01.class)).map(Http01::token).contains(TOKEN);
        assertThat(authorization.challenge(Dns01.class)).map(Dns01::token).contains(TOKEN);
        assertThat(authorization.challenge(TlsAlpn01.class)).map(TlsAlpn01::url).contains("u");
        assertThat(authorization.challenge(UnknownChallenge.class))
                .map(UnknownChallenge::json)
                .contains("{\"type\":\"new-99\",\"url\":\"u\",\"extra\":[1]}");
    }

    @Test
    void aChallengeWithoutStatusIsPending() throws AcmeProtocolException {
        assertThat(read(challenge("http-01")).status()).isEqualTo(ChallengeStatus.PENDING);
        assertThat(read("{'type':'x','url':'u','status':'odd'}").status()).isEqualTo(ChallengeStatus.UNKNOWN);
        assertThat(read("{'type':'x','url':'u','status':'processing'}").status())
                .isEqualTo(ChallengeStatus.PROCESSING);
    }

    @Test
    void theErrorOfAnAuthorizationIsThatOfItsChallenge() throws AcmeProtocolException {
        Authorization authorization = authorization(
                "'status':'invalid','challenges':[" + challenge("dns-01")
                        + ",{'type':'http-01','url':'u','token':'t','status':'invalid','error':{'detail':'404','status':403}}]");
        assertThat(authorization.error()).map(Problem::detail).contains("404");
        assertThat(authorization("'status':'invalid'").error()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "../../etc/passwd", "a/b", "a.b", "abc=", "a+b", "a b", "a\\u0000b", "a\\nb", "ä", "a%2fb"})
    void aTokenThatIsNotBase64urlNeverPasses(String token) throws AcmeProtocolException {
        for (String type :
                new String[] {"http-01", "dns-01", "tls-alpn-01", "dns-account-01", "device-attest-01", "email-reply-00"
                }) {
            String document = "{'type':'" + type + "','url':'u','from':'f','token':'" + token + "'}";
            assertThat(read(document)).isInstanceOf(UnknownChallenge.class);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'type':'email-reply-00','url':'u','token':'t'}",
                "{'type':'dns-account-01','url':'u'}",
                "{'type':'onion-csr-01','url':'u','nonce':'bI6_MRqV4gw='}",
                "{'type':'http-01','url':'u','token':['t']}"
            })
    void aMalformedChallengeIsKeptAsUnknownAndInNobodysWay(String malformed) throws AcmeProtocolException {
        Authorization authorization =
                authorization("'status':'pending','challenges':[" + malformed + "," + challenge("http-01") + "]");

        assertThat(authorization.challenges()).hasSize(2);
        assertThat(authorization.challenges().get(0))
                .isInstanceOfSatisfying(
                        UnknownChallenge.class,
                        unknown -> assertThat(unknown.json()).isEqualTo(malformed.replace('\'', '"')));
        assertThat(authorization.challenge(Http01.class)).map(Http01::token).contains(TOKEN);
    }

    @Test
    void aProblemMayHoldNothingOrMoreThanWeKnow() throws AcmeProtocolException {
        Problem empty = Resources.problem(json("{}"));
        assertThat(empty.type()).isEqualTo("about:blank");
        assertThat(empty.status()).isZero();
        assertThat(empty.describe()).isEqualTo("about:blank");
        assertThat(Resources.problem(json("{\"type\":\" \"}")).describe()).isEqualTo("about:blank");

        Problem full = Resources.problem(
                json(
                        "{'type':'t','title':'x','detail':'d','status':403,'instance':'i',"
                                + "'algorithms':['ES256'],'subproblems':[{'type':'s','detail':'e','identifier':{'type':'dns','value':'a.example'}}]}"));
        assertThat(full.title()).isEqualTo("x");
        assertThat(full.status()).isEqualTo(403);
        assertThat(full.instance()).isEqualTo("i");
        assertThat(full.describe()).isEqualTo("d (a.example: e)");
    }

    @Test
    void aSubproblemWithOddMembersKeepsTheOthers() throws AcmeProtocolException {
        Problem problem = Resources.problem(
                json("{'detail':'d','subproblems':[{'detail':'e','status':'x','identifier':{'type':'dns'}},7]}"));
        assertThat(problem.describe()).isEqualTo("d (e)");
    }

    private static String challenge(String type) {
        return "{'type':'" + type + "','url':'u','token':'" + TOKEN + "'}";
    }

    private static Authorization authorization(String members) throws AcmeProtocolException {
        return Resources.authorization(
                URL, json("{'identifier':{'type':'dns','value':'a.example'}," + members + "}"), directory(""), null);
    }

    private static Challenge read(String challenge) throws AcmeProtocolException {
        return Resources.challenge(json(challenge), directory(""));
    }

    private static Json json(String document) throws AcmeProtocolException {
        return Json.parse(document.replace('\'', '"').getBytes(StandardCharsets.UTF_8), "the document");
    }
}
