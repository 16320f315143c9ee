package org.wucme.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;

/** The {@code wucme} command. Public so that a test, or another program, can run it in its own process. */
@Command(
        name = "wucme",
        description = "Gets, keeps and renews TLS certificates by ACME (RFC 8555).",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            RegisterCommand.class,
            IssueCommand.class,
            ManageCommand.class,
            CertificatesCommand.class,
            CheckCommand.class,
            RevokeCommand.class,
            VersionCommand.class
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:done", "1:there was nothing to do", "2:it did not work"},
        footerHeading = "%nEnvironment:%n",
        footer = {
            "  Every option can be given by a variable too: --http-port is WUCME_HTTP_PORT,",
            "  --here is WUCME_HERE, --verbose is WUCME_VERBOSE. https_proxy and no_proxy count."
        })
public final class Wucme {

    @Mixin
    final Globals globals = new Globals();

    private Wucme() {}

    /** Runs the command and exits with its code: 0 done, 1 nothing to do, 2 failed. */
    public static void main(String[] args) {
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        System.exit(run(System.getenv(), out, err, args));
    }

    /**
     * Runs the command.
     *
     * @param environment variables by which options can be given
     * @return the exit code
     */
    public static int run(Map<String, String> environment, PrintWriter out, PrintWriter err, String... args) {
        Wucme wucme = new Wucme();
        CommandLine command = new CommandLine(wucme)
                .setOut(out)
                .setErr(err)
                .setDefaultValueProvider(new EnvironmentDefaults(environment))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionStrategy(parsed -> wucme.execute(parsed, environment))
                .setParameterExceptionHandler(Errors::explainUsage)
                .setExecutionExceptionHandler((e, failed, parsed) -> Errors.explain(e, failed, wucme.globals.verbose));
        command.getSubcommands().values().forEach(Wucme::describe);
        return command.execute(WucmeSpelling.translate(args));
    }

    private int execute(CommandLine.ParseResult parsed, Map<String, String> environment) {
        CommandSpec spec = parsed.commandSpec();
        if (!parsed.hasSubcommand() && !parsed.isUsageHelpRequested()) {
            throw new CommandLine.ParameterException(spec.commandLine(), "a command is missing");
        }
        try (Globals open = globals.start(
                environment, spec.commandLine().getOut(), spec.commandLine().getErr())) {
            return new CommandLine.RunLast().execute(parsed);
        }
    }

    // Each command says the same of its exit codes, and takes --help.
    private static void describe(CommandLine command) {
        command.getCommandSpec()
                .usageMessage()
                .exitCodeListHeading("%nExit codes:%n")
                .exitCodeList(Map.of("0", "done", "1", "there was nothing to do", "2", "it did not work"));
        command.getSubcommands().values().forEach(Wucme::describe);
    }
}
