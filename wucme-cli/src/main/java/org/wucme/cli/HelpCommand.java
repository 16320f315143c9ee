package org.wucme.cli;

import java.util.List;
import java.util.Objects;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

@Command(name = HelpCommand.NAME, description = "Shows the help of a command, as its option --help does.")
final class HelpCommand extends WucmeCommand {

    static final String NAME = "help";

    @Parameters(
            paramLabel = "COMMAND",
            arity = "0..*",
            description = "The command, such as \"issue\" or \"check http01\" (default: all commands in short).")
    List<String> words = List.of();

    @Override
    public Integer call() {
        CommandLine command = Objects.requireNonNull(spec).root().commandLine();
        for (String word : words) {
            CommandLine below = command.getSubcommands().get(word);
            if (below == null) {
                throw new ParameterException(command, "there is no command \"" + word + "\"");
            }
            command = below;
        }
        command.usage(out());
        return ExitCode.DONE;
    }
}
