package org.wucme.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.SocketException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.wucme.acme.Identifier;
import org.wucme.cli.doctor.Finding.Grade;

@SuppressWarnings("NullAway.Init")
class AddressesTest {

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
    void aNameWithoutAddressIsAProblem() {
        assertThat(examine(Identifier.dns("nosuch.test")))
                .containsExactly(Finding.problem(
                        "dns", "nosuch.test has neither an A nor an AAAA record, so no CA finds this server"));
    }

    @Test
    void aNameThatLeadsElsewhereIsAWarning() throws Exception {
        dns.a("www.example.test", "192.0.2.1");

        assertThat(examine(Identifier.dns("www.example.test")))
                .extracting(Finding::text)
                .anySatisfy(text -> assertThat(text).contains("192.0.2.1 is no address of this machine"))
                .anySatisfy(text -> assertThat(text).contains("leads to nothing on this machine"));
    }

    @Test
    void anAddressThatOnlyThisMachineReachesIsAWarning() throws Exception {
        dns.a("localhost", "127.0.0.1").aaaa("localhost", "::1");

        assertThat(examine(Identifier.dns("localhost")))
                .extracting(Finding::text)
                .anySatisfy(text -> assertThat(text).contains("which is this machine"))
                .anySatisfy(text -> assertThat(text).contains("no CA on the Internet reaches"))
                .anySatisfy(text -> assertThat(text).contains("has an IPv6 address"));
    }

    @Test
    void anAddressNeedsNoDns() {
        assertThat(examine(Identifier.ip("127.0.0.1")).get(0).grade()).isEqualTo(Grade.OK);
    }

    @Test
    void aWildcardCannotBeProvenHere() {
        assertThat(examine(Identifier.dns("*.example.test")))
                .singleElement()
                .extracting(Finding::grade)
                .isEqualTo(Grade.PROBLEM);
    }

    @Test
    void aDnsThatFailsIsSaidToFail() throws Exception {
        dns.failFor("www.example.test");

        assertThat(examine(Identifier.dns("www.example.test")))
                .singleElement()
                .satisfies(finding -> assertThat(finding.text()).contains("the DNS answers SERVFAIL to A of"));
    }

    private List<Finding> examine(Identifier identifier) {
        return new Addresses(Dns.of(dns.address())).examine(identifier);
    }
}
