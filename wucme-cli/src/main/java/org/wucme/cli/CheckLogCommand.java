package org.wucme.cli;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.wucme.acme.internal.text.OneLine;
import org.wucme.cli.agent.AgentLog;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "log", description = "Shows the end of the log of the agent that is active, or was the last time.")
final class CheckLogCommand extends WucmeCommand {

    @Mixin
    final LogOptions log = new LogOptions();

    @Option(
            names = "--lines",
            paramLabel = "N",
            defaultValue = "100",
            description = "How many lines at most (default: ${DEFAULT-VALUE}).")
    int lines = 100;

    @Override
    public Integer call() throws IOException {
        if (lines < 1) {
            throw new IllegalArgumentException("--lines must be at least 1, not " + lines);
        }
        Path file = log.file(globals());
        try {
            // Nobody but us should write there, but a terminal obeys whoever did.
            AgentLog.read(file, lines).forEach(line -> out().println(OneLine.of(line)));
            return ExitCode.DONE;
        } catch (NoSuchFileException e) {
            throw new IOException(file + " is not there: no agent was active yet", e);
        }
    }
}
