package org.wucme.cli;

import picocli.CommandLine.Command;

@Command(
        name = "check",
        description =
                "Checks what an issuance needs before a certificate is asked for, and whether notices arrive. wµCME's"
                        + " \"check /ca\" works too.",
        synopsisSubcommandLabel = "CHECK",
        subcommands = {
            CheckCaCommand.class,
            CheckHttp01Command.class,
            CheckAlpnCommand.class,
            CheckLogCommand.class,
            CheckLoadCommand.class,
            CheckMailCommand.class,
            CheckOpcomCommand.class,
            CheckNotifyCommand.class
        })
final class CheckCommand {}
