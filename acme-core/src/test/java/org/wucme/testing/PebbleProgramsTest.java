package org.wucme.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PebbleProgramsTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"Pebble version: dev", "Pebble version: v2.8.0", "2.10.1", "v3.0.0"})
    void takesRecentAndUnnumberedBuilds(String answer) throws IOException {
        Path pebble = program("pebble", "echo '" + answer + "'");
        Path challengeServer = program("pebble-challtestsrv", "");

        assertThat(PebblePrograms.at(pebble)).isEqualTo(new PebblePrograms(pebble, challengeServer));
    }

    @ParameterizedTest
    @ValueSource(strings = {"echo v2.7.9", "echo v1.9.0", "echo 'flag provided but not defined: -version' >&2; exit 2"})
    void refusesOldBuilds(String script) throws IOException {
        Path pebble = program("pebble", script);

        assertThatIllegalStateException()
                .isThrownBy(() -> PebblePrograms.at(pebble))
                .withMessageContaining("too old")
                .withMessageContaining("environment variable PEBBLE");
    }

    @Test
    void saysWhatToDoWhenTheNamedFileDoesNotExist() {
        assertThatIllegalStateException()
                .isThrownBy(() -> PebblePrograms.at(folder.resolve("nothing")))
                .withMessageContaining("not an executable file")
                .withMessageContaining("environment variable PEBBLE");
    }

    private Path program(String name, String script) throws IOException {
        Path file = Files.writeString(folder.resolve(name), "#!/bin/sh\n" + script + "\n");
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    }
}
