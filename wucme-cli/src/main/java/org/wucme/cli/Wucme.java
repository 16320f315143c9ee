package org.wucme.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The {@code wucme} command. */
@Command(
        name = "wucme",
        description = "Gets, keeps and renews TLS certificates by ACME (RFC 8555).",
        subcommands = {VersionCommand.class})
public final class Wucme {

    private Wucme() {}

    /** Runs the command and exits with its code: 0 done, 1 nothing to do, 2 failed. */
    public static void main(String[] args) {
        System.exit(new CommandLine(new Wucme()).execute(args));
    }
}
