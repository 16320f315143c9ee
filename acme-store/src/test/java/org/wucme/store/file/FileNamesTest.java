package org.wucme.store.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Locale;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.wucme.acme.Identifier;

class FileNamesTest {

    @ParameterizedTest
    @CsvSource({
        "www.example.org, WWW_EXAMPLE_ORG",
        "WWW.Example.ORG, WWW_EXAMPLE_ORG",
        "x86vms.domain.net, X86VMS_DOMAIN_NET",
        "my-host.example.org, MY-HOST_EXAMPLE_ORG",
        "*.example.org, _EXAMPLE_ORG",
        "localhost, LOCALHOST",
        "192.0.2.1, 192_0_2_1",
        "bücher.example, XN--BCHER-KVA_EXAMPLE",
        "account.example, ACCOUNT_EXAMPLE",
    })
    void anOrdinaryNameIsThatOfWucme(String name, String expected) {
        assertThat(FileNames.nameOf(Identifier.of(name))).isEqualTo(expected);
    }

    @Test
    void anIpv6AddressIsWrittenInFullAsFarAsItFits() {
        assertThat(FileNames.nameOf(Identifier.ip("2001:db8::1"))).matches("2001_0DB8_0000_0000_\\$[0-9A-F]{10}");
        assertThat(FileNames.nameOf(Identifier.ip("2001:db8::1")))
                .isEqualTo(FileNames.nameOf(new Identifier("ip", "2001:DB8:0:0::0001")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "account", // the name of the account's files
                "a_b.example.org", // as a.b.example.org
                "a..example.org",
                "1.2.3.4", // as a domain name
                "2001.0db8.0000.0000.0000.0000.0000.beef",
                "a-name-that-is-a-little.example.org",
                "a$b.example",
                "*.*.example.org",
                "-a.example",
                "",
            })
    void aNameThatCouldBeAnothersHasAHash(String name) {
        assertThat(FileNames.nameOf(new Identifier(Identifier.DNS, name)))
                .matches("[A-Z0-9_-]{0,20}\\$[0-9A-F]{10}")
                .doesNotStartWith("ACCOUNT$");
    }

    @Test
    void aNameOf253CharactersFits() {
        String longest = ("a".repeat(61) + ".").repeat(4).substring(0, 247) + ".b.org";
        assertThat(longest).hasSize(253);
        assertThat(FileNames.nameOf(Identifier.dns(longest))).matches("A{20}\\$[0-9A-F]{10}");
    }

    @Test
    void noIdentifierTakesTheNameOfAnAccount() {
        assertThat(FileNames.nameOf(Identifier.dns("account"))).matches("ACCOUNT_\\$[0-9A-F]{10}");
        assertThat(FileNames.nameOf(new Identifier("permanent-identifier", "account")))
                .startsWith("ACCOUNT_$");
        assertThat(FileNames.accountNameOf("https://ca.example/directory")).matches("ACCOUNT\\$[0-9A-F]{10}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ACCOUNT", "ACCOUNT$0123456789", "www_example_org", "A.B", "../A", "", "A B"})
    void whatIsNoNameIsRefused(String name) {
        assertThatThrownBy(() -> FileNames.requireName(name))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"" + name + "\"");
    }

    @ParameterizedTest
    @CsvSource({
        "/x/WUCME_C_WWW_EXAMPLE_ORG.PEM, WWW_EXAMPLE_ORG",
        "wucme_c_X86VMS_DOMAIN_net.pem, X86VMS_DOMAIN_NET",
        "WUCME_K_A$0123456789.PEM, A$0123456789",
        "WUCME_R_A.JSON, A",
        "WUCME_C_A.PEM_TMP, A",
        "WUCME_C_A.PEM_2026112200202700,",
        "WUCME_K_ACCOUNT.PEM,",
        "WUCME_R_ACCOUNT$0123456789.JSON,",
        "WUCME_LOCK.LCK,",
        "fullchain.pem,",
        "/,",
    })
    void theNameIsFoundInAFileName(Path file, String name) {
        assertThat(FileStore.nameOf(file).orElse(null)).isEqualTo(name);
    }

    @Property
    void differentIdentifiersHaveDifferentNames(
            @ForAll("identifiers") Identifier a, @ForAll("identifiers") Identifier b) {
        Assume.that(!isSame(a, b));
        assertThat(FileNames.nameOf(a)).isNotEqualTo(FileNames.nameOf(b));
    }

    @Property
    void lookAlikesHaveDifferentNames(@ForAll("identifiers") Identifier a, @ForAll("separators") String separator) {
        Identifier b =
                new Identifier(Identifier.DNS, a.value().replace(".", separator).replace(":", separator));
        Assume.that(!isSame(a, b));
        assertThat(FileNames.nameOf(a)).isNotEqualTo(FileNames.nameOf(b));
    }

    @Property
    void everyFileNameIsOneOfOds2(@ForAll("identifiers") Identifier identifier) {
        String name = FileNames.nameOf(identifier);
        assertThat(FileNames.certificate(name)).matches("WUCME_C_[A-Z0-9$_-]{1,31}\\.PEM");
        assertThat(FileNames.key(name)).matches("[A-Z0-9$_-]{1,39}\\.[A-Z0-9$_-]{1,39}");
        assertThat(FileNames.nextKey(name)).matches("[A-Z0-9$_-]{1,39}\\.[A-Z0-9$_-]{1,39}");
        assertThat(FileNames.renewal(name)).matches("[A-Z0-9$_-]{1,39}\\.[A-Z0-9$_-]{1,39}");
        assertThat(FileNames.requireName(name)).isEqualTo(name);
        assertThat(FileNames.nameIn(FileNames.certificate(name))).contains(name);
    }

    @Property
    void theNameOfAnAccountIsOneOfOds2AndOfNoCertificate(@ForAll String directoryUrl) {
        String name = FileNames.accountNameOf(directoryUrl);
        assertThat(FileNames.renewal(name)).matches("[A-Z0-9$_-]{1,39}\\.JSON");
        assertThat(FileNames.nameIn(FileNames.key(name))).isEmpty();
    }

    @Provide
    Arbitrary<String> separators() {
        return Arbitraries.of("_", ".", "-", "$", "");
    }

    @Provide
    Arbitrary<Identifier> identifiers() {
        Arbitrary<String> label = Arbitraries.of(
                        "a", "b", "www", "example", "org", "account", "xn--bcher-kva", "a-b", "a_b")
                .edgeCases(edges -> edges.none());
        Arbitrary<String> anyLabel = Arbitraries.strings()
                .withCharRange('a', 'z')
                .numeric()
                .withChars('-', '_')
                .ofMinLength(1)
                .ofMaxLength(63);
        Arbitrary<String> group =
                Arbitraries.strings().withChars("0123456789abcdef").ofLength(4);
        Arbitrary<String> host = Arbitraries.oneOf(label, anyLabel, group)
                .list()
                .ofMinSize(1)
                .ofMaxSize(8)
                .map(labels -> String.join(".", labels));
        Arbitrary<String> octet = Arbitraries.integers().between(0, 255).map(String::valueOf);
        Arbitrary<String> ipv4 = octet.list().ofSize(4).map(octets -> String.join(".", octets));
        Arbitrary<String> ipv6 = group.list().ofSize(8).map(groups -> String.join(":", groups));
        Arbitrary<Identifier> wildcards = host.map(name -> new Identifier(Identifier.DNS, "*." + name));
        Arbitrary<Identifier> addresses = Arbitraries.oneOf(ipv4, ipv6).map(FileNamesTest::address);
        Arbitrary<Identifier> odd = Combinators.combine(
                        Arbitraries.of("dns", "ip", "other"),
                        Arbitraries.strings().ofMaxLength(60))
                .as(Identifier::new);
        Arbitrary<Identifier> names = Arbitraries.oneOf(host, ipv4).map(name -> new Identifier(Identifier.DNS, name));
        return Arbitraries.oneOf(names, wildcards, addresses, odd);
    }

    private static Identifier address(String text) {
        try {
            return Identifier.ip(text);
        } catch (IllegalArgumentException e) {
            return new Identifier(Identifier.IP, text);
        }
    }

    /** Names and addresses are the same in upper and lower case, and addresses in every spelling. */
    private static boolean isSame(Identifier a, Identifier b) {
        boolean sameValue = a.value().toLowerCase(Locale.ROOT).equals(b.value().toLowerCase(Locale.ROOT));
        return a.type().equals(b.type()) && sameValue;
    }
}
