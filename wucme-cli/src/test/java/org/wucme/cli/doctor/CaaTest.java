package org.wucme.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.SocketException;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.wucme.acme.Identifier;
import org.wucme.cli.doctor.Finding.Grade;

/** CAA records as RFC 8659 and RFC 8657 want them read. */
@SuppressWarnings("NullAway.Init")
class CaaTest {

    private static final String ACCOUNT = "https://ca.example/acct/1";

    private DnsServer dns;

    @BeforeEach
    void start() throws SocketException {
        dns = DnsServer.start();
    }

    @AfterEach
    void stop() throws InterruptedException {
        dns.close();
    }

    @Test
    void withoutRecordsAnyCaMayIssue() throws Exception {
        dns.a("www.example.test", "192.0.2.1");

        assertThat(examine("www.example.test")).satisfies(is(Grade.OK, "no CAA record"));
    }

    @Test
    void theClosestNameAboveWithRecordsCounts() throws Exception {
        dns.caa("test", 0, "issue", "other.example").caa("example.test", 0, "issue", "CA.example");

        assertThat(examine("a.www.example.test")).satisfies(is(Grade.OK, "record of example.test lets this CA"));
    }

    @Test
    void recordsForOthersOnlyForbid() throws Exception {
        dns.caa("example.test", 0, "issue", "other.example").caa("example.test", 0, "issue", ";");

        assertThat(examine("www.example.test"))
                .satisfies(
                        is(Grade.PROBLEM, "do not let ca.example issue: one is for other.example; one forbids every"));
    }

    @Test
    void aWildcardHasItsOwnTagOrElseTheUsualOne() throws Exception {
        dns.caa("example.test", 0, "issue", "ca.example").caa("example.test", 0, "issuewild", ";");
        dns.caa("example.org", 0, "issue", "ca.example");

        assertThat(examine("*.example.test")).satisfies(is(Grade.PROBLEM, "one forbids every CA"));
        assertThat(examine("www.example.test")).satisfies(is(Grade.OK, "lets"));
        assertThat(examine("*.example.org")).satisfies(is(Grade.OK, "lets"));
    }

    @Test
    void recordsThatSayNothingOfIssuingRestrictNobody() throws Exception {
        dns.caa("example.test", 0, "iodef", "mailto:a@example.test");

        assertThat(examine("www.example.test")).satisfies(is(Grade.OK, "restrict no CA"));
    }

    @Test
    void aCriticalTagThatNobodyKnowsForbids() throws Exception {
        dns.caa("example.test", 128, "future", "x").caa("example.test", 0, "issue", "ca.example");

        assertThat(examine("www.example.test")).satisfies(is(Grade.PROBLEM, "critical CAA record \"future\""));
    }

    @Test
    void anotherAccountOrAnotherChallengeIsRefused() throws Exception {
        dns.caa("account.test", 0, "issue", "ca.example; accounturi=https://ca.example/acct/2");
        dns.caa("method.test", 0, "issue", "ca.example; validationmethods=dns-01");
        dns.caa("fine.test", 0, "issue", "ca.example; accounturi=" + ACCOUNT + "; validationmethods=dns-01,http-01");

        assertThat(examine("account.test")).satisfies(is(Grade.PROBLEM, "one is for the account"));
        assertThat(examine("method.test")).satisfies(is(Grade.PROBLEM, "one allows dns-01 only"));
        assertThat(examine("fine.test")).satisfies(is(Grade.OK, "lets this CA issue"));
    }

    @Test
    void aDnsThatFailsIsAProblemSinceCasRefuseThen() throws Exception {
        dns.failFor("www.example.test");

        assertThat(examine("www.example.test")).satisfies(is(Grade.PROBLEM, "SERVFAIL"));
    }

    @Test
    void addressesHaveNoRecords() {
        assertThat(caa(List.of("ca.example")).examine(Identifier.ip("192.0.2.1")))
                .isEmpty();
    }

    @Test
    void aCaWithoutIdentityIsNotCompared() {
        assertThat(caa(List.of()).examine(Identifier.dns("www.example.test")))
                .singleElement()
                .satisfies(is(Grade.OK, "names no identity"));
    }

    private Finding examine(String name) {
        return caa(List.of("ca.example")).examine(Identifier.dns(name)).get(0);
    }

    private Caa caa(List<String> identities) {
        return new Caa(Dns.of(dns.address()), new Caa.Asker(identities, ACCOUNT, Set.of("http-01", "tls-alpn-01")));
    }

    private static Consumer<Finding> is(Grade grade, String text) {
        return finding -> {
            assertThat(finding.text()).contains(text);
            assertThat(finding.grade()).isEqualTo(grade);
        };
    }
}
