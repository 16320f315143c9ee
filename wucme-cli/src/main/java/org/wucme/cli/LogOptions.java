package org.wucme.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.wucme.cli.agent.AgentLog;
import picocli.CommandLine.Option;

/** Where the log of the active agent is. */
final class LogOptions {

    @Option(
            names = "--log-file",
            paramLabel = "FILE",
            description = "The log of the active agent (default: " + AgentLog.FILE_NAME
                    + " in the folder of the certificates).")
    @Nullable
    Path logFile;

    Path file(Globals globals) {
        Path given = logFile;
        return given == null ? globals.here().resolve(AgentLog.FILE_NAME) : given;
    }
}
