package org.wucme.challenges.http;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostNameTest {

    @ParameterizedTest
    @CsvSource({
        "www.example.org, www.example.org",
        "WWW.Example.ORG, www.example.org",
        "www.example.org:80, www.example.org",
        "www.example.org:, www.example.org",
        "www.example.org., www.example.org",
        "www.example.org.:8080, www.example.org",
        "192.0.2.7, 192.0.2.7",
        "192.0.2.7:80, 192.0.2.7",
        "[2001:db8::1], 2001:db8::1",
        "[2001:DB8:0:0::1]:80, 2001:db8::1",
        "2001:db8:0::1, 2001:db8::1",
    })
    void hasTheFormOfIdentifiers(String header, String expected) {
        assertThat(HostName.of(header)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[", "[2001:db8::1", "[]", "[nonsense]:80", "a:b:c", "::ffff:192.0.2.1"})
    void whatMakesNoSenseIsNobody(String header) {
        assertThat(HostName.of(header)).isEmpty();
    }

    @Test
    void noHeaderIsNobody() {
        assertThat(HostName.of(null)).isEmpty();
        assertThat(HostName.of("a".repeat(1000))).isEmpty();
    }

    @Property(tries = 300)
    void neverFails(@ForAll String header) {
        assertThat(HostName.of(header)).isEqualTo(HostName.of(header));
    }
}
