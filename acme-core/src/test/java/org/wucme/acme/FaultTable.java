package org.wucme.acme;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** A table of FAULTS.md: what goes wrong, and what comes of it. */
record FaultTable(List<String> columns, List<Row> rows) {

    private static final Path FILE = Path.of("FAULTS.md");

    /** One line of the table: what goes wrong, and the outcome in each column. */
    record Row(String name, List<String> columns, List<String> outcomes) {

        /** The line as it should stand in the file. */
        String with(List<String> rightOutcomes) {
            return "| " + name + " | " + String.join(" | ", rightOutcomes) + " |";
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /** The table whose first column has this heading. */
    static FaultTable read(String heading) throws IOException {
        List<List<String>> lines = Files.readAllLines(FILE).stream()
                .dropWhile(line -> !line.startsWith("| " + heading + " |"))
                .takeWhile(line -> line.startsWith("|"))
                .map(FaultTable::cells)
                .toList();
        List<String> columns = lines.get(0).subList(1, lines.get(0).size());
        return new FaultTable(
                columns,
                lines.stream()
                        .skip(2)
                        .map(line -> new Row(line.get(0), columns, line.subList(1, line.size())))
                        .toList());
    }

    private static List<String> cells(String line) {
        return Arrays.stream(line.substring(1, line.lastIndexOf('|')).split("\\|", -1))
                .map(String::strip)
                .toList();
    }
}
