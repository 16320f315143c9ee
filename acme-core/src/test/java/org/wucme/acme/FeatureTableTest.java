package org.wucme.acme;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The tables of this module's README name what is there: every class, every method, every test. */
class FeatureTableTest {

    private static final Pattern NAME = Pattern.compile("`([A-Z]\\w+)((?:\\.\\w+)*)`");
    private static final int EXTENSIONS = 14;

    @Test
    void everyNameInTheTablesIsThere() throws IOException {
        Map<String, String> sources = sources();
        Set<String> missing = new TreeSet<>();
        for (String row : rows()) {
            NAME.matcher(row)
                    .results()
                    .filter(name -> !isThere(name.group(1), name.group(2), sources))
                    .forEach(name -> missing.add(name.group()));
        }
        assertThat(missing).isEmpty();
    }

    @Test
    void everyRowNamesATest() throws IOException {
        assertThat(rows()).allMatch(row -> row.matches(".*`\\w+(Test|IT)` \\|"));
    }

    @Test
    void everyItemOfRfc8555HasARow() throws IOException {
        assertThat(rows().stream()
                        .filter(row -> row.matches("\\| \\d+ .*"))
                        .map(row -> row.replaceAll("^\\| (\\d+) .*", "$1")))
                .containsExactlyElementsOf(Stream.iterate(1, n -> n + 1)
                        .limit(36)
                        .map(String::valueOf)
                        .toList());
        assertThat(rows().stream().filter(row -> row.matches(".*\\| (RFC|draft|IETF).*")))
                .hasSizeGreaterThanOrEqualTo(EXTENSIONS);
    }

    private static List<String> rows() throws IOException {
        return Files.readAllLines(Path.of("README.md")).stream()
                .filter(line -> line.startsWith("| ") && !line.matches("\\| (#|what) .*"))
                .toList();
    }

    private static boolean isThere(String type, String members, Map<String, String> sources) {
        String source = sources.get(type + ".java");
        return source != null
                && Stream.of(members.split("\\."))
                        .filter(member -> !member.isEmpty())
                        .allMatch(member -> isDeclared(member, source));
    }

    // A method, a constant or a type; or a component of a record, whose last line ends with a parenthesis.
    private static boolean isDeclared(String member, String source) {
        return Pattern.compile("\\b" + member + "\\(|\\b(class|record|interface|enum) " + member + "\\b")
                        .matcher(source)
                        .find()
                || Pattern.compile("\\w[>\\]]? " + member + "[,)]")
                        .matcher(source)
                        .find()
                || (member.matches("[A-Z0-9_]+")
                        && Pattern.compile("\\b" + member + "\\b")
                                .matcher(source)
                                .find());
    }

    @Test
    void aWordInACommentIsNotAMember() {
        String source =
                "/** It may replace a word. */ record Order(List<String> names, String url) { void cancel() {} }";
        Map<String, String> sources = Map.of("Order.java", source);
        assertThat(isThere("Order", ".names", sources)).isTrue();
        assertThat(isThere("Order", ".url", sources)).isTrue();
        assertThat(isThere("Order", ".cancel", sources)).isTrue();
        assertThat(isThere("Order", ".replace", sources)).isFalse();
        assertThat(isThere("Order", ".word", sources)).isFalse();
    }

    private static Map<String, String> sources() throws IOException {
        Map<String, String> sources = new HashMap<>();
        try (Stream<Path> files = Files.walk(Path.of("src"))) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".java")).toList()) {
                sources.put(file.getFileName().toString(), Files.readString(file));
            }
        }
        return sources;
    }
}
