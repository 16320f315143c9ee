package org.wucme.manage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.wucme.acme.AcmeClient;
import org.wucme.acme.Ca;
import org.wucme.acme.DirectoryCache;
import org.wucme.testing.ca.Endpoint;
import org.wucme.testing.ca.Fault;
import org.wucme.testing.ca.Request;

/** What a new process asks a CA for, counted by the CA, where a store has the account. */
@SuppressWarnings("NullAway.Init")
class RequestsTest {

    @TempDir
    Path folder;

    private Scene scene;

    @BeforeEach
    void open() throws IOException {
        scene = new Scene(folder);
        scene.register();
    }

    @AfterEach
    void close() throws Exception {
        scene.close();
    }

    private String[] names(int count) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(i -> "host" + i + ".test")
                .toArray(String[]::new);
    }

    private Map<Endpoint, Long> requests() {
        return scene.ca.log().stream()
                .collect(Collectors.groupingBy(Request::endpoint, TreeMap::new, Collectors.counting()));
    }

    private void renew() throws IOException {
        // A day has not passed since the last command.
        scene.time.advance(Scene.UNTIL_DUE);
        scene.manager().rehearse(scene.www());
        scene.ca.clearLog();
        try (CertificateManager command = scene.manager()) {
            assertThat(command.renewDue()).hasOnlyElementsOfType(Outcome.Obtained.class);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "1, private, 8",
        "16, private, 53",
        "100, private, 221",
        "1, 'public, max-age=0, no-cache', 8", // as Let's Encrypt sends it
        "1, no-cache, 8"
    })
    void aRenewalByTheNextCommandFetchesNoDirectory(int names, String cacheControl, int atMost) throws IOException {
        scene.ca.fault(Endpoint.DIRECTORY, Fault.header("Cache-Control", cacheControl), 9);
        scene.ca.finalizeAtOnce(false).rounds(Duration.ofMillis(20));
        scene.manager().issue(scene.wanted(names(names)).build());

        renew();

        Map<Endpoint, Long> requests = requests();
        long furtherPolls = requests.getOrDefault(Endpoint.ORDER, 0L) - 2;
        assertThat(requests)
                .doesNotContainKey(Endpoint.DIRECTORY)
                .containsEntry(Endpoint.NEW_ORDER, 1L)
                .containsEntry(Endpoint.AUTHORIZATION, (long) names)
                .containsEntry(Endpoint.CHALLENGE, (long) names)
                .containsEntry(Endpoint.FINALIZE, 1L)
                .containsEntry(Endpoint.CERTIFICATE, 1L);
        assertThat(requests.get(Endpoint.NEW_NONCE)).isBetween(1L, Math.min(names, 16L));
        assertThat(scene.ca.count() - furtherPolls).isLessThanOrEqualTo(atMost);
    }

    @Test
    void aCaThatForbidsToKeepItsDirectoryIsAskedByEachCommand() throws IOException {
        scene.ca.fault(Endpoint.DIRECTORY, Fault.header("Cache-Control", "no-store"), 9);

        scene.manager().issue(scene.wanted("one.test").build());
        scene.manager().issue(scene.wanted("two.test").build());

        assertThat(scene.ca.count(Endpoint.DIRECTORY)).isGreaterThanOrEqualTo(2);
        assertThat(scene.store.directories().load(scene.ca.directoryUrl())).isEmpty();
    }

    @Test
    void aRehearsalAsksTheCaItself() throws IOException {
        scene.manager().issue(scene.www());
        scene.ca.clearLog();

        scene.manager().rehearse(scene.wanted("other.test").build());

        assertThat(requests()).containsOnlyKeys(Endpoint.DIRECTORY);
    }

    @Test
    void aClientWithACacheOfItsOwnKeepsIt() throws IOException {
        scene.manager(scene.configured(scene.store).connect(this::withoutCache)).issue(scene.www());

        assertThat(scene.store.directories().load(scene.ca.directoryUrl())).isEmpty();
    }

    private AcmeClient withoutCache(Ca ca) {
        return AcmeClient.builder(ca)
                .trustedRoots(List.of(scene.ca.tlsRoot()))
                .clock(scene.time)
                .directoryCache(DirectoryCache.NONE)
                .build();
    }
}
