package org.wucme.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The table of wµCME's manual in this module's README: each row names tests, and each of these is there. */
class ManualTableTest {

    private static final int FEWEST_ROWS = 30;

    @Test
    void everyRowNamesTestsThatAreThere() throws IOException {
        List<String> rows = rows();
        Set<String> present = tests();

        assertThat(rows).hasSizeGreaterThan(FEWEST_ROWS);
        assertThat(rows).allSatisfy(row -> assertThat(testsOf(row)).isNotEmpty().isSubsetOf(present));
    }

    private static List<String> rows() throws IOException {
        return Files.readAllLines(Path.of("README.md")).stream()
                .dropWhile(line -> !line.startsWith("## wµCME's manual"))
                .filter(line -> line.startsWith("| ") && !line.startsWith("| wµCME |"))
                .toList();
    }

    private static List<String> testsOf(String row) {
        String[] cells = row.split("\\|", -1);
        return Arrays.stream(cells[cells.length - 2].split(",", -1))
                .map(String::strip)
                .toList();
    }

    private static Set<String> tests() throws IOException {
        Set<String> names = new HashSet<>();
        for (String module : List.of("acme-core", "acme-challenges", "acme-store", "wucme-cli")) {
            try (Stream<Path> files = Files.walk(Path.of("..", module, "src", "test", "java"))) {
                names.addAll(files.map(file -> String.valueOf(file.getFileName()))
                        .filter(file -> file.matches("\\w+(Test|IT)\\.java"))
                        .map(file -> file.substring(0, file.length() - ".java".length()))
                        .collect(Collectors.toSet()));
            }
        }
        return names;
    }
}
