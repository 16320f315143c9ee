package org.wucme.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The common pool belongs to the application that embeds the libraries, which nothing of ours may occupy. */
class CommonPoolTest {

    private static final Pattern COMMON =
            Pattern.compile("parallelStream\\(|\\.parallel\\(\\)|commonPool\\(|newWorkStealingPool\\(|new Timer\\(");
    private static final Pattern ASYNC = Pattern.compile(
            "(supply|run|thenApply|thenAccept|thenRun|thenCompose|thenCombine|handle|whenComplete|exceptionally)Async\\(");

    @ParameterizedTest
    @ValueSource(strings = {"acme-core", "acme-challenges", "acme-store"})
    void noLibraryRunsAnythingThere(String module) throws IOException {
        List<Path> sources = sources(Path.of("..", module, "src", "main", "java"));

        assertThat(sources).isNotEmpty().allSatisfy(file -> {
            String source = Files.readString(file);
            assertThat(COMMON.matcher(source).find()).as("common pool").isFalse();
            assertThat(ASYNC.matcher(source).results())
                    .as("with an executor")
                    .allMatch(call -> argumentsAt(source, call.end()) > 1);
        });
    }

    private static List<Path> sources(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".java")).toList();
        }
    }

    /** How many arguments a call has whose parenthesis opens before an index. */
    private static int argumentsAt(String source, int index) {
        int arguments = 1;
        int depth = 0;
        for (int at = index; depth >= 0; at++) {
            char next = source.charAt(at);
            if (next == '(' || next == '{') {
                depth++;
            } else if (next == ')' || next == '}') {
                depth--;
            } else if (next == ',' && depth == 0) {
                arguments++;
            }
        }
        return arguments;
    }
}
