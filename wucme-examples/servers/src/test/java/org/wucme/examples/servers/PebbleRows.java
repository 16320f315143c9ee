package org.wucme.examples.servers;

import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.wucme.testing.Pebble;
import org.wucme.testing.RequiresPebble;

/** Rows of the matrix with a CA that we did not write. */
@RequiresPebble
@TestInstance(Lifecycle.PER_CLASS)
abstract class PebbleRows {

    private Pebble pebble;

    abstract Stream<ServerRow> rows();

    @BeforeAll
    void start() throws IOException {
        pebble = Pebble.start();
    }

    @AfterAll
    void stop() throws IOException {
        pebble.close();
    }

    @ParameterizedTest
    @MethodSource("rowsAndProofs")
    void renewsWhileClientsKeepRequesting(ServerRow row, Proof proof, @TempDir Path folder) throws Exception {
        row.check(Authority.of(pebble), proof, folder);
    }

    final Stream<Arguments> rowsAndProofs() {
        return rows().flatMap(row -> row.proofs().stream().map(proof -> Arguments.of(row, proof)));
    }
}
