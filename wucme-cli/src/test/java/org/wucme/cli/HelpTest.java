package org.wucme.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.wucme.acme.Ca;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

class HelpTest {

    private final User user = User.in(Path.of("unused"));

    static CommandLine model(Map<String, String> environment) {
        PrintWriter nowhere = new PrintWriter(PrintWriter.nullWriter());
        return Wucme.commandLine(Configuration.of(environment), nowhere, nowhere);
    }

    /** All commands, each as the words to type. */
    static Stream<List<String>> commands() {
        return words(model(Map.of()), List.of());
    }

    static CommandLine find(CommandLine root, List<String> words) {
        CommandLine command = root;
        for (String word : words) {
            command = Objects.requireNonNull(command.getSubcommands().get(word), word);
        }
        return command;
    }

    private static Stream<List<String>> words(CommandLine command, List<String> words) {
        return Stream.concat(
                Stream.of(words), command.getSubcommands().entrySet().stream().flatMap(below -> {
                    List<String> more = new ArrayList<>(words);
                    more.add(below.getKey());
                    return words(below.getValue(), more);
                }));
    }

    private User.Run help(List<String> words) {
        return user.wucme(Stream.concat(words.stream(), Stream.of("--help")).toArray(String[]::new));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void helpNamesEveryOptionAndArgument(List<String> words) {
        User.Run run = help(words);

        assertThat(run.exit()).isZero();
        assertThat(run.err()).isEmpty();
        CommandLine command = find(model(Map.of()), words);
        for (OptionSpec option : command.getCommandSpec().options()) {
            assertThat(run.out()).contains(option.names());
            assertThat(option.description()).as(option.longestName()).isNotEmpty();
        }
        command.getCommandSpec()
                .positionalParameters()
                .forEach(argument -> assertThat(run.out()).contains(argument.paramLabel()));
        command.getSubcommands().keySet().forEach(name -> assertThat(run.out()).containsPattern("(?m)^  " + name));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void helpTellsExitCodesInOrderAndOfVariables(List<String> words) {
        assertThat(help(words).out())
                .containsSubsequence(
                        "Exit codes:", "0   done", "1   there was nothing to do", "2   it did not work", "WUCME_HERE");
    }

    @ParameterizedTest
    @MethodSource("commands")
    void helpFitsATerminal(List<String> words) {
        assertThat(help(words).outLines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void theCommandHelpShowsTheSame(List<String> words) {
        User.Run run =
                user.wucme(Stream.concat(Stream.of("help"), words.stream()).toArray(String[]::new));

        assertThat(run).isEqualTo(help(words));
    }

    @Test
    void thereIsNoHelpOfWhatIsNoCommand() {
        User.Run run = user.wucme("help", "check", "nosuch");

        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains("there is no command \"nosuch\"", "check --help");
        assertThat(user.wucme("help", "check", "/HTTP01")).isEqualTo(help(List.of("check", "http01")));
    }

    @Test
    void mainHelpListsTheCommandsOfTheManual() {
        assertThat(help(List.of()).out())
                .contains("register", "issue", "manage", "certificates", "check", "revoke", "version");
    }

    @Test
    void helpNamesEveryCaThatHasAName() {
        String help = String.join(" ", help(List.of()).out().split("\\s+"));

        assertThat(help)
                .contains("one of: " + Ca.presets().stream().map(Ca::name).collect(Collectors.joining(", ")) + ".");
    }

    @Test
    void versionTellsItsOwnJavasAndTheLibraries() {
        User.Run run = user.wucme("version");

        assertThat(run.exit()).isZero();
        assertThat(run.out())
                .containsPattern("(?m)^wucme \\d")
                .contains("Java " + System.getProperty("java.version"))
                .contains("OkHttp", "Bouncy Castle", "picocli")
                .doesNotContain("${");
        assertThat(user.wucme("--version")).isEqualTo(run);
    }
}
