package org.wucme.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** acme4j sends IPv6 in Java's form, and looks names up; RFC 8738 section 3 wants RFC 5952. */
class IpAddressTest {

    @ParameterizedTest
    @CsvSource({
        "2001:db8:0:0:1:0:0:1,                    2001:db8::1:0:0:1",
        "2001:0db8:0:0:1:0:0:1,                   2001:db8::1:0:0:1",
        "2001:db8::1:0:0:1,                       2001:db8::1:0:0:1",
        "2001:db8::0:1:0:0:1,                     2001:db8::1:0:0:1",
        "2001:0db8::1:0:0:1,                      2001:db8::1:0:0:1",
        "2001:db8:0:0:1::1,                       2001:db8::1:0:0:1",
        "2001:DB8:0:0:1::1,                       2001:db8::1:0:0:1",
        "2001:db8:aaaa:bbbb:cccc:dddd:eeee:0001,  2001:db8:aaaa:bbbb:cccc:dddd:eeee:1",
        "2001:db8:0:0:0:0:2:1,                    2001:db8::2:1",
        "2001:db8::0:1,                           2001:db8::1",
        "2001:db8::1:1:1:1:1,                     2001:db8:0:1:1:1:1:1",
        "2001:db8:0:1:1:1:1:1,                    2001:db8:0:1:1:1:1:1",
        "2001:0:0:1:0:0:0:1,                      2001:0:0:1::1",
        "2001:db8:0:0:1:0:0:0,                    2001:db8:0:0:1::",
        "2001:DB8:AAAA::,                         2001:db8:aaaa::",
        "0:0:0:0:0:0:0:0,                         ::",
        "::,                                      ::",
        "0:0:0:0:0:0:0:1,                         ::1",
        "1:0:0:0:0:0:0:0,                         1::",
        "0:1:0:0:0:0:0:0,                         0:1::",
        "64:ff9b::192.0.2.33,                     64:ff9b::c000:221"
    })
    void ipv6IsWrittenAsRfc5952Says(String text, String expected) {
        assertThat(Identifier.ip(text)).isEqualTo(new Identifier("ip", expected));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "1.2.3.4", "127.0.0.1", "192.0.2.1", "255.255.255.255"})
    void ipv4StaysAsItIs(String text) {
        assertThat(Identifier.ip(text).value()).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", " ", "1.2.3", "1.2.3.4.", ".1.2.3.4", "1.2.3.4.5", "1..3.4", "256.1.1.1", "1.2.3.256", "010.0.0.1",
                "1.2.3.04", "00.0.0.0", "0x7f.0.0.1", "1.2.3.4\n", " 1.2.3.4", "+1.2.3.4", "1.2.3.-4", "١.2.3.4",
                        "2130706433", "127.1"
            })
    void whatIsNoStrictDottedDecimalIsRefused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Identifier.ip(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ":",
                ":::",
                "1:2:3:4:5:6:7",
                "1:2:3:4:5:6:7:8:9",
                "1:2:3:4:5:6:7:",
                ":2:3:4:5:6:7:8",
                "1::2::3",
                "12345::",
                "00001::",
                "g::1",
                "1:2:3:4:5:6:7:8::",
                "::1.2.3",
                "::1.2.3.256",
                "64:ff9b::192.0.2.033",
                "1.2.3.4::",
                "fe80::1%eth0",
                "fe80::1%1",
                "[2001:db8::1]",
                "2001:db8::1/64",
                "::1\n",
                "2001:db8::1 ",
                ".::1",
                "..:a",
                "a.b:1",
                "example.org:443",
                "http://example.org"
            })
    void whatIsNoIpv6AddressIsRefused(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Identifier.ip(text))
                .withMessageContaining("is not an IP");
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "example.org", "dead.beef", "cafe", "a"})
    void aNameIsRefusedAndNotLookedUp(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Identifier.ip(text))
                .withMessage("\"" + text + "\" is not an IPv4 or IPv6 address");
    }

    @ParameterizedTest
    @ValueSource(strings = {"::ffff:192.0.2.1", "::FFFF:C000:0201", "0:0:0:0:0:ffff:c000:201"})
    void anIpv4AddressInIpv6ClothesIsRefused(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Identifier.ip(text))
                .withMessageContaining("stands for an IPv4 address");
    }

    @Property
    void theFormStandsForTheSameAddressAndIsStable(@ForAll("groups") List<Integer> groups) throws UnknownHostException {
        String canonical = Identifier.ip(written(groups, 0, 0, false)).value();

        assertThat(InetAddress.getByName(canonical).getAddress()).isEqualTo(octets(groups));
        assertThat(Identifier.ip(canonical).value()).isEqualTo(canonical);
        assertThat(canonical).isEqualTo(canonical.toLowerCase(Locale.ROOT)).doesNotContainPattern("(^|:)0[0-9a-f]");
    }

    @Property
    void everyWayToWriteAnAddressHasTheSameForm(
            @ForAll("groups") List<Integer> groups,
            @ForAll @IntRange(max = 7) int from,
            @ForAll @IntRange(min = 1, max = 8) int length,
            @ForAll boolean full) {
        assertThat(Identifier.ip(written(groups, from, length, full)))
                .isEqualTo(Identifier.ip(written(groups, 0, 0, false)));
    }

    @Property
    void equalFormMeansEqualAddress(@ForAll("groups") List<Integer> one, @ForAll("groups") List<Integer> other) {
        boolean sameText = Identifier.ip(written(one, 0, 0, true)).equals(Identifier.ip(written(other, 0, 0, false)));
        assertThat(sameText).isEqualTo(one.equals(other));
    }

    @Provide
    Arbitrary<List<Integer>> groups() {
        Arbitrary<Integer> group = Arbitraries.frequencyOf(
                Tuple.of(3, Arbitraries.just(0)),
                Tuple.of(1, Arbitraries.integers().between(0, 0xffff)));
        return group.list().ofSize(8).filter(groups -> !isMapped(groups));
    }

    private static boolean isMapped(List<Integer> groups) {
        return groups.subList(0, 5).stream().allMatch(group -> group == 0) && groups.get(5) == 0xffff;
    }

    /** The address with these zero groups as {@code ::}, if they are zero; all digits and upper case when full. */
    private static String written(List<Integer> groups, int from, int length, boolean full) {
        int to = Math.min(8, from + length);
        boolean shortened = to > from && groups.subList(from, to).stream().allMatch(group -> group == 0);
        return shortened
                ? written(groups.subList(0, from), full) + "::" + written(groups.subList(to, 8), full)
                : written(groups, full);
    }

    private static String written(List<Integer> groups, boolean full) {
        return groups.stream()
                .map(group -> full ? String.format(Locale.ROOT, "%04X", group) : Integer.toHexString(group))
                .collect(Collectors.joining(":"));
    }

    private static byte[] octets(List<Integer> groups) {
        byte[] octets = new byte[16];
        IntStream.range(0, 16).forEach(i -> octets[i] = (byte) (groups.get(i / 2) >> (i % 2 == 0 ? 8 : 0)));
        return octets;
    }
}
