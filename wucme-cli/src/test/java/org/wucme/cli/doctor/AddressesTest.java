package org.wucme.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
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
        assertThat(examine(Identifier.dns("nosuch.test"))).singleElement().satisfies(finding -> {
            assertThat(finding.grade()).isEqualTo(Grade.PROBLEM);
            assertThat(finding.text())
                    .contains("neither an A nor an AAAA record", "nor does this machine's name lookup", "no CA finds");
        });
    }

    @ParameterizedTest
    @EnumSource(names = {"WARNING", "PROBLEM"})
    void aNameThatOnlyTheSystemKnowsIsAsBadAsTheCaMakesIt(Grade grade) {
        assertThat(examine("vm.lab.test", grade, "192.0.2.7"))
                .anySatisfy(finding -> assertThat(finding.text()).contains("leads to 192.0.2.7", "no address of this"))
                .last()
                .satisfies(finding -> {
                    assertThat(finding.grade()).isEqualTo(grade);
                    assertThat(finding.text())
                            .contains("only this machine's name lookup", "hosts file", "192.0.2.7", "neither an A");
                });
    }

    @Test
    void aDnsThatFailsLeavesTheSystemsLookup() throws Exception {
        dns.failFor("vm.lab.test");

        assertThat(examine("vm.lab.test", Grade.WARNING, "192.0.2.7"))
                .extracting(Finding::text)
                .anySatisfy(text -> assertThat(text).contains("leads to 192.0.2.7"))
                .anySatisfy(text -> assertThat(text).contains("only this machine's name lookup", "SERVFAIL"));
    }

    @Test
    void aNameThatBothKnowSaysSo() throws Exception {
        dns.a("www.example.test", "192.0.2.7").aaaa("www.example.test", "2001:db8::7");

        assertThat(examine("www.example.test", Grade.PROBLEM, "2001:db8::7", "192.0.2.7"))
                .anySatisfy(finding -> {
                    assertThat(finding.grade()).isEqualTo(Grade.OK);
                    assertThat(finding.text()).contains("the DNS and this machine's name lookup say the same");
                });
    }

    @Test
    void aNameThatTheSystemKnowsOtherwiseNamesBoth() throws Exception {
        dns.a("www.example.test", "192.0.2.7");

        assertThat(examine("www.example.test", Grade.PROBLEM, "127.0.1.1")).anySatisfy(finding -> {
            assertThat(finding.grade()).isEqualTo(Grade.WARNING);
            assertThat(finding.text()).contains("127.0.1.1 on this machine", "hosts file", "192.0.2.7 by the DNS");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"192.0.2.7", "192.0.2.8", "2001:db8::7"})
    void aLookupThatLeavesAddressesOutIsNoReasonToWarn(String found) throws Exception {
        dns.a("www.example.test", "192.0.2.7")
                .a("www.example.test", "192.0.2.8")
                .aaaa("www.example.test", "2001:db8::7");

        assertThat(examine("www.example.test", Grade.PROBLEM, found))
                .filteredOn(finding -> finding.text().contains("this machine's name lookup"))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.grade()).isEqualTo(Grade.OK);
                    assertThat(finding.text())
                            .contains(
                                    new InetSocketAddress(found, 0).getAddress().getHostAddress());
                });
    }

    @Test
    void onlyAddressesThatTheDnsDoesNotKnowAreWarnedAbout() throws Exception {
        dns.a("www.example.test", "192.0.2.7");

        assertThat(examine("www.example.test", Grade.PROBLEM, "192.0.2.7", "127.0.1.1"))
                .filteredOn(finding -> finding.text().contains("on this machine, by its hosts file"))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.grade()).isEqualTo(Grade.WARNING);
                    assertThat(finding.text()).contains("leads to 127.0.1.1 on", "to 192.0.2.7 by the DNS");
                });
    }

    private List<Finding> examine(String name, Grade onlyHere, String... here) {
        List<InetAddress> addresses = new ArrayList<>();
        for (String address : here) {
            addresses.add(new InetSocketAddress(address, 0).getAddress());
        }
        Addresses.Lookup lookup = asked -> {
            assertThat(asked).isEqualTo(name);
            return addresses.toArray(InetAddress[]::new);
        };
        return new Addresses(Dns.of(dns.address()), onlyHere, lookup).examine(Identifier.dns(name));
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
        return new Addresses(Dns.of(dns.address()), Grade.PROBLEM).examine(identifier);
    }
}
