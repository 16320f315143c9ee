package org.wucme.cli;

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
        out().print(AutoComplete.bash("wucme", Wucme.commandLine(globals().configuration(), out(), err())));
        out().flush();
        return ExitCode.DONE;
    }
}
