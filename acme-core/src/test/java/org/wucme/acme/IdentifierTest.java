package org.wucme.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Names in the form that certificates carry; addresses are in {@link IpAddressTest}. */
class IdentifierTest {

    private static final String LABEL_63 = "a".repeat(63);
    private static final String NAME_253 = LABEL_63 + "." + LABEL_63 + "." + LABEL_63 + "." + "a".repeat(61);

    @ParameterizedTest
    @CsvSource({
        "example.org,            example.org",
        "WWW.Example.ORG,        www.example.org",
        "example.org.,           example.org",
        "localhost,              localhost",
        "1.example.org,          1.example.org",
        "3com.example,           3com.example",
        "a--b.example,           a--b.example",
        "XN--FA-HIA.de,          xn--fa-hia.de",
        "*.Example.org.,         *.example.org",
        "*.bücher.example,       *.xn--bcher-kva.example"
    })
    void aNameIsLowerCaseWithoutTrailingDot(String name, String expected) {
        assertThat(Identifier.dns(name)).isEqualTo(new Identifier("dns", expected));
    }

    @ParameterizedTest
    @CsvSource({
        "faß.de,                 xn--fa-hia.de",
        "FAẞ.de,                 xn--fa-hia.de",
        "bücher.example,         xn--bcher-kva.example",
        "BÜCHER.example,         xn--bcher-kva.example",
        "bu\u0308cher.example,   xn--bcher-kva.example",
        "βόλος.com,              xn--nxasmm1c.com",
        "☕.example,              xn--53h.example",
        "中文.example,            xn--fiq228c.example",
        "ｅｘａｍｐｌｅ.org,        example.org",
        "example。org,            example.org",
        "exam\u00adple.org,      example.org"
    })
    void anInternationalizedNameIsMappedByUts46AndNotByIdna2003(String name, String expected) {
        assertThat(Identifier.dns(name).value()).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a/b.example",
                "a\\b.example",
                "a?b.example",
                "a#b.example",
                "user@a.example",
                "a.example:443",
                "a%41.example",
                "a％41.example",
                "a／b.example",
                "a＠b.example",
                "a：443",
                "[::1]",
                " a.example",
                "a.example ",
                "a b.example",
                "a\u00a0b.example",
                "a\u3000b.example",
                "a\tb.example",
                "a.example\n",
                "a.example\r\nb.example",
                "a\0.example",
                "a_b.example",
                "_acme-challenge.a.example",
                "a,b.example",
                "a!b.example",
                "-a.example",
                "a-.example",
                "xn--.example",
                "",
                ".",
                "..",
                ".a.example",
                "a..example",
                "a.example..",
                "\u00ad.example",
                "*",
                "*.",
                "*.*.example",
                "a.*.example",
                "a*.example",
                "＊.example"
            })
    void whatIsNoHostNameIsRefused(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Identifier.dns(name))
                .withMessageContaining("\"" + name + "\" is not a domain name");
    }

    @Test
    void anEmptyNameIsCalledEmpty() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Identifier.dns(""))
                .withMessageEndingWith("it is empty");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"1.2.3", "1.2.3.4", "1.2.3.4.", "1.2.3.4.5", "1.2.3.256", "example.123", "１.2.3.4", "*.1.2.3.4"})
    void aNameThatEndsInANumberIsRefused(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Identifier.dns(name))
                .withMessageContaining("number");
    }

    @Test
    void aLabelHasAtMost63Characters() {
        assertThat(Identifier.dns(LABEL_63 + ".example").value()).hasSize(71);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Identifier.dns(LABEL_63 + "a.example"))
                .withMessageContaining("1 to 63");
    }

    @Test
    void theLimitOfALabelHoldsForItsAsciiForm() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Identifier.dns("ü".repeat(40) + "b".repeat(20) + "ü.example"));
    }

    @Test
    void aNameHasAtMost253Characters() {
        assertThat(Identifier.dns(NAME_253 + ".").value()).hasSize(253);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Identifier.dns(NAME_253 + "a"))
                .withMessageContaining("253");
    }

    @Test
    void theWildcardCountsInTheLengthOfAName() {
        assertThat(Identifier.dns("*." + NAME_253.substring(2)).value()).hasSize(253);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Identifier.dns("*." + NAME_253.substring(1)))
                .withMessageContaining("253");
    }

    @Property(tries = 300)
    void aNameInItsFormStaysAsItIs(@ForAll @StringLength(min = 1, max = 12) String first, @ForAll boolean wildcard) {
        String name = (wildcard ? "*." : "") + first + ".bücher.example";
        Identifier identifier;
        try {
            identifier = Identifier.dns(name);
        } catch (IllegalArgumentException e) {
            return;
        }
        assertThat(identifier.value()).matches("(\\*\\.)?[a-z0-9-]+(\\.[a-z0-9-]+)*");
        assertThat(Identifier.dns(identifier.value())).isEqualTo(identifier);
        assertThat(Identifier.of(identifier.value())).isEqualTo(identifier);
    }

    @Property(tries = 300)
    void everyTextIsEitherAHostNameOrRefusedAsIllegalArgument(@ForAll String text) {
        try {
            assertThat(Identifier.of(text).value()).matches("[a-z0-9.:*-]+");
        } catch (IllegalArgumentException e) {
            assertThat(e).hasMessageContaining("is not a");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "' example.org ', dns, example.org",
        "*.example.org,   dns, *.example.org",
        "192.0.2.1,       ip,  192.0.2.1",
        "2001:DB8::1,     ip,  2001:db8::1"
    })
    void theTypeIsSeenInTheText(String text, String type, String value) {
        assertThat(Identifier.of(text)).isEqualTo(new Identifier(type, value));
    }

    @Test
    void onlyADomainNameIsAWildcard() {
        assertThat(Identifier.dns("*.example.org").isWildcard()).isTrue();
        assertThat(Identifier.dns("example.org").isWildcard()).isFalse();
        assertThat(new Identifier("other", "*.example.org").isWildcard()).isFalse();
    }

    @Test
    void aWildcardIsForADomainName() {
        assertThat(Identifier.dns("*.example.org").withoutWildcard()).isEqualTo(Identifier.dns("example.org"));
        assertThat(Identifier.dns("example.org").withoutWildcard()).isEqualTo(Identifier.dns("example.org"));
        Identifier other = new Identifier("other", "*.example.org");
        assertThat(other.withoutWildcard()).isEqualTo(other);
    }

    @Test
    void whatTheCaSentIsKeptAsItIs() {
        assertThat(new Identifier("TNAuthList", "F83n2a...").value()).isEqualTo("F83n2a...");
    }
}
