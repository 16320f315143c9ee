package org.wucme.testing.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;

/** The DNS server, asked by a resolver that is not ours. */
class TestDnsTest {
    private static final String CHALLENGE = "_acme-challenge.example.org";

    private final TestDns dns = TestDns.start(2).zone("example.org");

    @AfterEach
    void close() {
        dns.close();
    }

    private Message ask(String name, String type) throws IOException {
        return ask(dns.address(), false, name, type);
    }

    private static Message ask(InetSocketAddress server, boolean tcp, String name, String type) throws IOException {
        SimpleResolver resolver = new SimpleResolver(server);
        resolver.setTCP(tcp);
        resolver.setTimeout(Duration.ofSeconds(10));
        resolver.setIgnoreTruncation(true);
        return resolver.send(
                Message.newQuery(Record.newRecord(Name.fromString(name + "."), Type.value(type), DClass.IN)));
    }

    private static List<String> data(Message answer, int section) {
        return answer.getSection(section).stream()
                .filter(record -> record.getType() != Type.OPT)
                .map(Record::rdataToString)
                .toList();
    }

    private static List<String> answers(Message answer) {
        return data(answer, Section.ANSWER);
    }

    @Test
    void answersBothTransportsWithAllValuesAndAuthority() throws IOException {
        dns.txt(CHALLENGE, "one").txt(CHALLENGE, "two").txt(CHALLENGE, "one");

        for (boolean tcp : new boolean[] {false, true}) {
            Message answer = ask(dns.address(), tcp, CHALLENGE.toUpperCase(Locale.ROOT), "TXT");
            assertThat(answers(answer)).containsExactlyInAnyOrder("one", "two");
            assertThat(answer.getHeader().getFlag(Flags.AA)).isTrue();
            assertThat(answer.getRcode()).isEqualTo(Rcode.NOERROR);
        }
        assertThat(dns.queries()).extracting(DnsQuery::tcp).containsExactly(false, true);
        assertThat(dns.queries().get(0).name()).isEqualTo(CHALLENGE);
    }

    @Test
    void removesExactlyOneValue() throws IOException {
        dns.txt(CHALLENGE, "one")
                .txt(CHALLENGE, "two")
                .removeTxt(CHALLENGE, "one")
                .removeTxt(CHALLENGE, "none");

        assertThat(answers(ask(CHALLENGE, "TXT"))).containsExactly("two");
        assertThat(dns.txt(CHALLENGE)).containsExactly("two");
    }

    @Test
    void namesItsServersAndTheirAddresses() throws IOException {
        assertThat(answers(ask("example.org", "NS"))).containsExactly("ns1.example.org.", "ns2.example.org.");
        assertThat(answers(ask("ns2.example.org", "A"))).containsExactly("127.0.0.2");
        assertThat(answers(ask("example.org", "SOA"))).hasSize(1);
    }

    @Test
    void tellsAbsentNamesFromEmptyOnes() throws IOException {
        dns.add("a.b.example.org", "AAAA", "2001:db8::1");

        assertThat(ask("nothing.example.org", "TXT").getRcode()).isEqualTo(Rcode.NXDOMAIN);
        assertThat(ask("b.example.org", "TXT").getRcode()).isEqualTo(Rcode.NOERROR);
        Message empty = ask("a.b.example.org", "TXT");
        assertThat(empty.getRcode()).isEqualTo(Rcode.NOERROR);
        assertThat(answers(empty)).isEmpty();
        assertThat(empty.getSection(Section.AUTHORITY))
                .extracting(Record::getType)
                .containsExactly(Type.SOA);
        assertThat(ask("example.net", "TXT").getRcode()).isEqualTo(Rcode.REFUSED);
    }

    @Test
    void followsAliasesIntoItsOtherZones() throws IOException {
        dns.zone("example.net").add(CHALLENGE, "CNAME", "token.example.net").txt("token.example.net", "there");

        assertThat(answers(ask(CHALLENGE, "TXT"))).containsExactly("token.example.net.", "there");
        assertThat(answers(ask(CHALLENGE, "CNAME"))).containsExactly("token.example.net.");
    }

    @Test
    void refersToTheServersOfAChild() throws IOException {
        dns.delegate("child.example.org", "ns.child.example.org", "127.0.0.2");

        Message referral = ask("www.child.example.org", "A");

        assertThat(referral.getHeader().getFlag(Flags.AA)).isFalse();
        assertThat(answers(referral)).isEmpty();
        assertThat(data(referral, Section.AUTHORITY)).containsExactly("ns.child.example.org.");
        assertThat(data(referral, Section.ADDITIONAL)).containsExactly("127.0.0.2");
    }

    @Test
    void aChildZoneOfItsOwnIsAnsweredFrom() throws IOException {
        dns.zone("child.example.org").txt("www.child.example.org", "here");

        assertThat(answers(ask("www.child.example.org", "TXT"))).containsExactly("here");
    }

    @Test
    void aValueMayAppearAfterSomeQueries() throws IOException {
        dns.txtAfter(CHALLENGE, "late", 2);

        assertThat(answers(ask(CHALLENGE, "TXT"))).isEmpty();
        assertThat(answers(ask(CHALLENGE, "TXT"))).isEmpty();
        assertThat(answers(ask(CHALLENGE, "TXT"))).containsExactly("late");
    }

    @Test
    void aValueMayBeAtOneAddressOnly() throws IOException {
        dns.txtOnlyAt(dns.addresses().get(1), CHALLENGE, "partly");

        assertThat(answers(ask(dns.addresses().get(0), false, CHALLENGE, "TXT")))
                .isEmpty();
        assertThat(answers(ask(dns.addresses().get(1), false, CHALLENGE, "TXT")))
                .containsExactly("partly");
    }

    @Test
    void failsAsOftenAsItWasTold() throws IOException {
        dns.txt(CHALLENGE, "value")
                .fault(CHALLENGE, DnsFault.serverFailure(), 2)
                .fault(CHALLENGE, DnsFault.refused(), 1);

        assertThat(ask(CHALLENGE, "TXT").getRcode()).isEqualTo(Rcode.SERVFAIL);
        assertThat(ask(CHALLENGE, "TXT").getRcode()).isEqualTo(Rcode.SERVFAIL);
        assertThat(ask(CHALLENGE, "TXT").getRcode()).isEqualTo(Rcode.REFUSED);
        assertThat(answers(ask(CHALLENGE, "TXT"))).hasSize(1);
    }

    @Test
    void aDroppedQueryIsAnsweredOverTcpOnly() throws IOException {
        dns.txt(CHALLENGE, "value").fault(CHALLENGE, DnsFault.dropUdp(), 2);
        SimpleResolver impatient = new SimpleResolver(dns.address());
        impatient.setTimeout(Duration.ofMillis(200));

        assertThatThrownBy(() -> impatient.send(
                        Message.newQuery(Record.newRecord(Name.fromString(CHALLENGE + "."), Type.TXT, DClass.IN))))
                .isInstanceOf(IOException.class);
        assertThat(answers(ask(dns.address(), true, CHALLENGE, "TXT"))).hasSize(1);
    }

    @Test
    void aTruncatedAnswerIsWholeOverTcp() throws IOException {
        dns.txt(CHALLENGE, "value").fault(CHALLENGE, DnsFault.truncate(), 2);

        Message truncated = ask(CHALLENGE, "TXT");

        assertThat(truncated.getHeader().getFlag(Flags.TC)).isTrue();
        assertThat(answers(truncated)).isEmpty();
        assertThat(answers(ask(dns.address(), true, CHALLENGE, "TXT"))).hasSize(1);
    }

    @Test
    void whatDoesNotFitIsTruncatedByItself() throws IOException {
        for (int i = 0; i < 30; i++) {
            dns.txt(CHALLENGE, "x".repeat(400) + i);
        }

        assertThat(ask(CHALLENGE, "TXT").getHeader().getFlag(Flags.TC)).isTrue();
        assertThat(answers(ask(dns.address(), true, CHALLENGE, "TXT"))).hasSize(30);
    }

    @Test
    void delaysOneAnswerWhileOthersCome() throws IOException {
        dns.txt(CHALLENGE, "value").fault(CHALLENGE, DnsFault.delay(Duration.ofMillis(50)), 1);
        long begin = System.nanoTime();

        assertThat(answers(ask(CHALLENGE, "TXT"))).hasSize(1);

        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThanOrEqualTo(Duration.ofMillis(50));
    }

    @Test
    void refusesRecordsOutsideOfItsZonesAndMalformedOnes() {
        assertThatThrownBy(() -> dns.txt("example.com", "value")).hasMessageContaining("example.com");
        assertThatThrownBy(() -> dns.add(CHALLENGE, "A", "nonsense")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> dns.add(CHALLENGE, "NONSENSE", "x")).isInstanceOf(IllegalArgumentException.class);
    }
}
