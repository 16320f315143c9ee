package org.wucme.acme;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.wucme.testing.ca.Endpoint;

/**
 * FAULTS.md is true: whatever goes wrong, at whatever request, the outcome is the one that is written there. A row that is
 * not true fails, and says how it should read.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FaultMatrixTest {

    private static final String AT_ENDPOINTS = "fault";
    private static final String SITUATIONS = "situation";
    private static final String MEANINGLESS = "-";
    private static final long LONGEST_SECONDS = 30;

    private final FaultScene.Keys keys = new FaultScene.Keys();
    private final Map<String, EndpointFaults.Breakage> faults = new EndpointFaults().byName();
    private final Map<String, Situations.Situation> situations = new Situations().byName();

    private interface Setup {
        void apply(FaultScene scene);
    }

    @AfterAll
    void close() {
        keys.close();
    }

    static List<FaultTable.Row> faultRows() throws IOException {
        return FaultTable.read(AT_ENDPOINTS).rows();
    }

    static List<FaultTable.Row> situationRows() throws IOException {
        return FaultTable.read(SITUATIONS).rows();
    }

    @ParameterizedTest
    @MethodSource("faultRows")
    void aFaultHasTheOutcomeThatIsWritten(FaultTable.Row row) throws Exception {
        EndpointFaults.Breakage fault = known(faults, row);
        List<Setup> cells = row.columns().stream()
                .map(FaultMatrixTest::endpoint)
                .map(endpoint -> cell(fault, endpoint))
                .toList();

        assertThat(row.with(outcomes(row, cells))).isEqualTo(row.with(row.outcomes()));
    }

    @ParameterizedTest
    @MethodSource("situationRows")
    void aSituationHasTheOutcomeThatIsWritten(FaultTable.Row row) throws Exception {
        Situations.Situation situation = known(situations, row);

        assertThat(row.with(outcomes(row, List.of(situation::apply)))).isEqualTo(row.with(row.outcomes()));
    }

    // Only where it is asked for, so that the other columns count the requests for a certificate alone.
    private static Setup cell(EndpointFaults.Breakage fault, Endpoint endpoint) {
        return scene -> {
            if (endpoint == Endpoint.KEY_CHANGE) {
                scene.changeKeyToo();
            }
            fault.apply(scene, endpoint);
        };
    }

    @Test
    void nothingThatIsKnownIsMissing() throws IOException {
        assertThat(faultRows()).extracting(FaultTable.Row::name).containsExactlyElementsOf(faults.keySet());
        assertThat(situationRows()).extracting(FaultTable.Row::name).containsExactlyElementsOf(situations.keySet());
    }

    private static <T> T known(Map<String, T> byName, FaultTable.Row row) {
        return Objects.requireNonNull(byName.get(row.name()), () -> "nobody knows how to make: " + row.name());
    }

    // Side by side, since most of the time of some is spent in waiting for a reply that never comes.
    private List<String> outcomes(FaultTable.Row row, List<Setup> cells) throws Exception {
        ExecutorService threads = Executors.newCachedThreadPool();
        try {
            List<Future<String>> outcomes = new ArrayList<>();
            for (int i = 0; i < cells.size(); i++) {
                Setup cell = cells.get(i);
                boolean meaningless = row.outcomes().get(i).equals(MEANINGLESS);
                outcomes.add(threads.submit(() -> meaningless ? MEANINGLESS : outcome(cell)));
            }
            List<String> found = new ArrayList<>();
            for (Future<String> outcome : outcomes) {
                found.add(outcome.get(LONGEST_SECONDS, TimeUnit.SECONDS));
            }
            return found;
        } finally {
            threads.shutdownNow();
        }
    }

    private String outcome(Setup setup) throws IOException {
        try (FaultScene scene = new FaultScene(keys)) {
            setup.apply(scene);
            return scene.outcome();
        }
    }

    // newNonce is NEW_NONCE
    private static Endpoint endpoint(String column) {
        return Endpoint.valueOf(column.replaceAll("(?=[A-Z])", "_").toUpperCase(Locale.ROOT));
    }
}
