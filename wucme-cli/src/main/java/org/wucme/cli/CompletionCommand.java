package org.wucme.cli;

import java.util.Objects;
import picocli.AutoComplete;
import picocli.CommandLine.Command;

@Command(
        name = "completion",
        description = {
            "Prints a script that makes bash and zsh complete this command's words:",
            "  source <(wucme completion)",
            "in ~/.bashrc or ~/.zshrc does so in every shell."
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
