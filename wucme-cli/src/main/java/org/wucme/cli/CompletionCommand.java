package org.wucme.cli;

import java.util.Objects;
import picocli.AutoComplete;
import picocli.CommandLine.Command;

@Command(
        name = "completion",
        description = {
            "Prints a script that makes bash and zsh complete this command's words.",
            "In every shell, if ~/.bashrc or ~/.zshrc has the line",
            "  source <(wucme completion)"
        })
final class CompletionCommand extends WucmeCommand {

    @Override
    public Integer call() {
        out().print(AutoComplete.bash(
                "wucme", Objects.requireNonNull(spec).root().commandLine()));
        out().flush();
        return ExitCode.DONE;
    }
}
