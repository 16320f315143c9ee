package org.wucme.cli;

import picocli.CommandLine.Command;

@Command(
        name = "account",
        synopsisSubcommandLabel = "COMMAND",
        description = "Shows or changes the account at the CA.",
        subcommands = {
            AccountShowCommand.class,
            AccountUpdateCommand.class,
            AccountRolloverCommand.class,
            AccountDeactivateCommand.class
        })
final class AccountCommand {}
