package org.wucme.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Locale;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
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
        "βόλοσ.com,              xn--nxasmq6b.com",
        "www.ශ්\u200dරී.com,      www.xn--10cl1a0b660p.com",
        "نامه\u200cای.com,        xn--mgba3gch31f060k.com",
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
                "xn--abc-.example",
                "xn--bcher-kva-.example",
                "XN--ABC-.example",
                "ｘn--abc-.example",
                "x\u00adn--abc-.example",
                "*.xn--abc-.example",
                "www。xn--1-。example",
                "xn--xn--a-.example",
                "xn--zzzzzz.example",
                "xn--999999999.example",
                "xn--ü.example",
                "xn---.example",
                "xn----.example"
            })
    void anALabelThatIsNoneIsRefusedAndNotReadAsAnotherName(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Identifier.dns(name))
                .withMessageContaining("\"" + name + "\" is not a domain name");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a\u200db.example",
                "a\u200cb.example",
                "\u200da.example",
                "a\u200c.example",
                "β\u200dό.example",
                "\ud83d\udc68\u200d\ud83d\udc69.example"
            })
    void aJoinerThatMakesANameOnlyLookLikeAnotherIsRefused(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Identifier.dns(name))
                .withMessageContaining("invisible joiner");
    }

    @Property(tries = 500)
    void anAsciiNameComesOutAsItself(@ForAll("asciiLabels") String label) {
        try {
            assertThat(Identifier.dns(label + ".example").value())
                    .isEqualTo(label.toLowerCase(Locale.ROOT) + ".example");
        } catch (IllegalArgumentException e) {
            assertThat(e).hasMessageContaining("is not a domain name");
        }
    }

    @Provide
    Arbitrary<String> asciiLabels() {
        Arbitrary<String> text = Arbitraries.strings()
                .withCharRange('a', 'z')
                .withCharRange('A', 'Z')
                .numeric()
                .withChars('-')
                .ofMinLength(1)
                .ofMaxLength(20);
        return Arbitraries.oneOf(text, text.map(rest -> "xn--" + rest), text.map(rest -> "XN--" + rest + "-"));
    }

    @Property(tries = 500)
    void aNameThatIsMappedTwiceIsMappedOnce(@ForAll("internationalLabels") String label) {
        String once;
        try {
            once = Identifier.dns(label + ".example").value();
        } catch (IllegalArgumentException e) {
            return;
        }
        assertThat(Identifier.dns(once).value()).isEqualTo(once);
        assertThat(Identifier.dns(once.toUpperCase(Locale.ROOT)).value()).isEqualTo(once);
    }

    @Property(tries = 500)
    void differentLettersAreDifferentNames(@ForAll("letters") String one, @ForAll("letters") String other) {
        assertThat(Identifier.dns(one + ".example").equals(Identifier.dns(other + ".example")))
                .isEqualTo(one.equals(other));
    }

    /** Letters of several scripts, those included that IDNA 2003 mixes up. */
    @Provide
    Arbitrary<String> letters() {
        return Arbitraries.strings().withChars("asßσςάбж中文éü").ofMinLength(1).ofMaxLength(4);
    }

    @Provide
    Arbitrary<String> internationalLabels() {
        return Arbitraries.strings()
                .withChars("aZ-ßςΣüÜéıİſK中。\u00ad\u0301\u200c\u200d\u0dca\u0dbb\u0627ⅷﬁ０")
                .ofMinLength(1)
                .ofMaxLength(6);
    }

    @Test
    void anOnionNameIsADomainName() {
        String onion = "pg6mmjiyjmcrsslvykfwnntlaru7p5svn6y2ymmju6nubxndf4pscryd.onion";
        assertThat(Identifier.of(onion)).isEqualTo(new Identifier("dns", onion));
        assertThat(Identifier.dns("*." + onion).isWildcard()).isTrue();
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

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://www.example.org/",
                "www.example.org/",
                "www.example.org:443",
                "192.0.2.1:443",
                "[2001:db8::1]",
                "[::1]:80"
            })
    void whatStandsAroundANameIsSaidToBeTooMuch(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Identifier.of(text))
                .withMessage("\"" + text
                        + "\" is not a name or an address alone: leave out scheme, port, path and brackets");
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
