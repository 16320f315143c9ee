package org.wucme.testing.junit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.wucme.testing.ca.CaRequest;
import org.wucme.testing.ca.TestCa;
import org.wucme.testing.dns.TestDns;

/** The servers that a test gets: one of each while it runs, with the options given, another for the next test. */
class AcmeTestingTest {
    @RegisterExtension
    static final AcmeTesting TESTING = AcmeTesting.with(ca -> ca.profile("short", "six days"));

    private static final List<TestCa> SEEN = new ArrayList<>();

    @BeforeEach
    void before(TestCa ca) {
        assertThat(SEEN).doesNotContain(ca);
        SEEN.add(ca);
    }

    @AfterAll
    static void eachTestHadItsOwn() {
        assertThat(SEEN).hasSizeGreaterThan(1).doesNotHaveDuplicates();
    }

    @Test
    void isThatOfTheMethodBefore(TestCa ca) {
        assertThat(SEEN.get(SEEN.size() - 1)).isSameAs(ca);
    }

    @Test
    void hasTheOptionsGiven(TestCa ca) throws IOException {
        CaRequest request = new CaRequest("GET", ca.directoryUrl(), Map.of("User-Agent", List.of("test")), "");

        assertThat(new JsonMapper()
                        .readTree(ca.handle(request).body())
                        .at("/meta/profiles/short")
                        .asText())
                .isEqualTo("six days");
    }

    @Test
    void startsADnsServer(TestDns dns) {
        assertThat(dns.port()).isPositive();
    }
}
