package org.wucme.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompletionTest {

    // As bash does when the last word is followed by a tab.
    private static final String TAB = """
            compopt() { :; } # only there while a tab is really handled
            source "$1" || exit
            shift
            COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMP_LINE="$*" COMP_POINT=${#COMP_LINE}
            $(complete -p wucme | grep -o -e '-F [^ ]*' | cut -d' ' -f2)
            printf '%s\\n' "${COMPREPLY[@]}"
            """;

    @TempDir
    Path folder;

    private List<String> complete(String... words) throws Exception {
        User.Run run = User.in(folder.resolve("nowhere")).wucme("completion");
        assertThat(run.exit()).isZero();
        Path script = Files.writeString(folder.resolve("completion"), run.out());
        Process bash = new ProcessBuilder(
                        Stream.concat(Stream.of("bash", "-c", TAB, "bash", script.toString()), Stream.of(words))
                                .toList())
                .redirectErrorStream(true)
                .directory(folder.toFile())
                .start();
        String output = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(bash.waitFor(20, TimeUnit.SECONDS)).isTrue();
        return output.lines().map(String::strip).toList();
    }

    @Test
    void aCommandIsCompleted() throws Exception {
        assertThat(complete("wucme", "ce")).containsExactly("certificates");
    }

    @Test
    void theCommandHelpIsCompleted() throws Exception {
        assertThat(complete("wucme", "he")).containsExactly("help");
    }

    @Test
    void aCommandBelowAnotherIsCompleted() throws Exception {
        assertThat(complete("wucme", "account", "ro")).containsExactly("rollover");
    }

    @Test
    void anOptionIsCompleted() throws Exception {
        assertThat(complete("wucme", "issue", "--cha")).containsExactly("--challenge");
    }

    @Test
    void theNameOfACaIsCompleted() throws Exception {
        assertThat(complete("wucme", "--ca", "zero")).containsExactly("zerossl");
    }

    @Test
    void theNameOfAnotherClientIsCompleted() throws Exception {
        assertThat(complete("wucme", "import", "--from", "ac")).containsExactly("acme.sh");
    }
}
