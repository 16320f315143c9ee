package org.wucme.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** What starts the agent as a service. */
class ServiceFilesTest {

    private static final Path MAIN = Path.of("src", "main");
    private static final String UNIT = "systemd/wucme-agent.service";
    private static final Pattern VARIABLE = Pattern.compile("(WUCME_[A-Z_]+)=");
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

    // Where systemd is not installed, nobody reads the unit either.
    @Test
    void systemdUnderstandsTheUnit(@TempDir Path folder) throws Exception {
        Path unit = Files.writeString(
                folder.resolve("wucme-agent.service"),
                Files.readString(MAIN.resolve(UNIT)).replace("/opt/wucme/wucme", "/bin/true"));
        if (Files.isExecutable(ANALYZE)) {
            Process process = new ProcessBuilder(ANALYZE.toString(), "verify", unit.toString())
                    .redirectErrorStream(true)
                    .start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

            assertThat(process.waitFor()).as(output).isZero();
            assertThat(output).doesNotContain("wucme-agent.service");
        }
    }
}
