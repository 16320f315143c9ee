package org.wucme.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.wucme.acme.Identifier;
import org.wucme.store.file.FileStore;
import picocli.CommandLine;

/** What starts the agent as a service. */
class ServiceFilesTest {

    private static final Path MAIN = Path.of("src", "main");
    private static final String UNIT = "systemd/wucme-agent.service";
    private static final Pattern VARIABLE = Pattern.compile("(WUCME_[A-Z_]+)=");
    private static final Pattern COMMAND = Pattern.compile("/opt/wucme/wucme ([a-z].*)");
    private static final String PATH_UNIT = "wucme-nginx@.path";
    private static final String RELOAD = "wucme-nginx.service";
    private static final Path ANALYZE = Path.of("/usr/bin/systemd-analyze");

    @ParameterizedTest
    @ValueSource(strings = {UNIT, "container/Containerfile"})
    void itsVariablesAreOptionsOfTheAgent(String file) throws IOException {
        CommandLine agent = HelpTest.find(HelpTest.model(Map.of()), List.of("agent"));
        Set<String> known = agent.getCommandSpec().options().stream()
                .map(EnvironmentDefaults::variableOf)
                .collect(Collectors.toSet());

        assertThat(VARIABLE.matcher(Files.readString(MAIN.resolve(file)))
                        .results()
                        .map(found -> found.group(1)))
                .isNotEmpty()
                .isSubsetOf(known);
    }

    @Test
    void theCommandsInTheUnitsCommentAreUnderstood() throws IOException {
        List<String> commands = COMMAND.matcher(Files.readString(MAIN.resolve(UNIT)))
                .results()
                .map(found -> found.group(1))
                .toList();

        assertThat(commands).hasSizeGreaterThan(2);
        for (String command : commands) {
            assertThatCode(() -> HelpTest.model(Map.of()).parseArgs(command.split(" ")))
                    .as(command)
                    .doesNotThrowAnyException();
        }
    }

    @Test
    void thePathUnitWatchesTheFileThatTheStoreWrites(@TempDir Path folder) throws IOException {
        String unit = Files.readString(MAIN.resolve("systemd").resolve(PATH_UNIT));
        Matcher instance = Pattern.compile("wucme-nginx@([A-Z0-9_]+)\\.path").matcher(unit);
        FileStore store = FileStore.open(folder);

        assertThat(instance.find()).isTrue();
        assertThat(instance.group(1)).isEqualTo(store.nameOf(Identifier.dns("www.example.org")));
        assertThat(unit).contains("\nPathChanged=/var/lib/wucme/WUCME_C_%i.PEM\n", "\nUnit=" + RELOAD + "\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"wucme-agent.service", "wucme-nginx@WWW_EXAMPLE_ORG.path", RELOAD})
    void systemdUnderstandsTheUnits(String unit, @TempDir Path folder) throws Exception {
        if (!Files.isExecutable(ANALYZE) && !Boolean.parseBoolean(System.getenv("WUCME_REQUIRE_SYSTEMD"))) {
            Assumptions.abort("no systemd-analyze");
        }
        for (String file : List.of("wucme-agent.service", PATH_UNIT, RELOAD)) {
            Files.writeString(
                    folder.resolve(file.replace("@", "@WWW_EXAMPLE_ORG")),
                    Files.readString(MAIN.resolve("systemd").resolve(file)).replace("/opt/wucme/wucme", "/bin/true"));
        }
        Process process = new ProcessBuilder(
                        ANALYZE.toString(), "verify", folder.resolve(unit).toString())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).as(output).isZero();
        assertThat(output).doesNotContain("wucme-");
    }
}
