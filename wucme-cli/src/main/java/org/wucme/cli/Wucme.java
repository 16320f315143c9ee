package org.wucme.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.wucme.acme.internal.text.OneLine;
import org.wucme.acme.internal.text.Trace;
import org.wucme.acme.pki.KeyType;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.TypeConversionException;

/** The {@code wucme} command. Public so that a test, or another program, can run it in its own process. */
@Command(
        name = "wucme",
        description = "Gets, keeps and renews TLS certificates by ACME (RFC 8555).",
        synopsisSubcommandLabel = "COMMAND",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:done", "1:there was nothing to do", "2:it did not work"},
        footerHeading = "%nEnvironment:%n",
        footer = {
            "  Every option can be given by a variable too: --http-port is",
            "  WUCME_HTTP_PORT, --here is WUCME_HERE, --verbose is WUCME_VERBOSE.",
            "  WUCME.CONF in the folder of the certificates can hold them, as lines",
            "  of NAME=VALUE."
        })
public final class Wucme {

    private static final List<Class<?>> COMMANDS = List.of(
            RegisterCommand.class,
            AccountCommand.class,
            IssueCommand.class,
            ManageCommand.class,
            AgentCommand.class,
            ImportCommand.class,
            CertificatesCommand.class,
            StatusCommand.class,
            CheckCommand.class,
            DoctorCommand.class,
            RevokeCommand.class,
            ForgetCommand.class,
            ExportCommand.class,
            CompletionCommand.class,
            HelpCommand.class,
            VersionCommand.class);

    @Mixin
    final Globals globals = new Globals();

    private Wucme() {}

    /** Runs the command and exits with its code: 0 done, 1 nothing to do, 2 failed. */
    public static void main(String[] args) {
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        int code = run(System.getenv(), out, err, args);
        System.exit(code == ExitCode.NOTHING_TO_DO ? nothingToDo() : code);
    }

    // A Java VM that cannot start exits with 1 as well: the launcher names another code, and turns it into 1.
    private static int nothingToDo() {
        return Integer.getInteger("wucme.nothing-to-do", ExitCode.NOTHING_TO_DO);
    }

    /**
     * Runs the command.
     *
     * @param environment variables by which options can be given
     * @return the exit code
     */
    public static int run(Map<String, String> environment, PrintWriter out, PrintWriter err, String... args) {
        String[] words = WucmeSpelling.translate(args);
        try {
            Configuration configuration = Configuration.read(environment, words);
            configuration.warnings().forEach(warning -> err.println("wucme: warning: " + OneLine.of(warning)));
            return commandLine(configuration, out, err, words).execute(words);
        } catch (IOException e) {
            err.println("wucme: " + Errors.describe(e));
            return ExitCode.FAILED;
        } catch (RuntimeException | Error e) {
            // Java itself would exit with 1, which says that there was nothing to do.
            err.println("wucme: unexpected error: " + e);
            Trace.of(e).printStackTrace(err);
            return ExitCode.FAILED;
        }
    }

    /**
     * The command, to be executed or asked what it has.
     *
     * @param words what it is going to be executed with; it may have no other commands than they name
     */
    static CommandLine commandLine(Configuration configuration, PrintWriter out, PrintWriter err, String... words) {
        Map<String, String> environment = configuration.variables();
        Wucme wucme = new Wucme();
        CommandLine command = new CommandLine(wucme);
        named(words).forEach(command::addSubcommand);
        command.setOut(out)
                .setErr(err)
                .setDefaultValueProvider(new EnvironmentDefaults(environment))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionStrategy(parsed -> wucme.execute(parsed, configuration))
                .setParameterExceptionHandler((e, given) -> Errors.explainUsage(e, environment))
                .setExecutionExceptionHandler((e, failed, parsed) -> Errors.explain(e, failed, wucme.globals))
                .registerConverter(KeyType.class, Wucme::keyType)
                .registerConverter(Path.class, configuration.home());
        describe(command, command.getCommandSpec().usageMessage());
        return command;
    }

    // What picocli makes of all commands takes longer than a short one runs.
    private static List<Class<?>> named(String... words) {
        String name = words.length == 0 ? HelpCommand.NAME : words[0];
        List<Class<?>> first = COMMANDS.stream()
                .filter(command -> command.getAnnotation(Command.class).name().equals(name))
                .toList();
        return first.isEmpty() || name.equals(HelpCommand.NAME) ? COMMANDS : first;
    }

    private int execute(ParseResult parsed, Configuration configuration) {
        requireCommand(parsed);
        CommandSpec spec = parsed.commandSpec();
        try (Globals open = globals.start(
                configuration, spec.commandLine().getOut(), spec.commandLine().getErr())) {
            return new CommandLine.RunLast().execute(parsed);
        }
    }

    private static void requireCommand(ParseResult parsed) {
        if (parsed.hasSubcommand()) {
            requireCommand(parsed.subcommand());
            return;
        }
        CommandSpec last = parsed.commandSpec();
        if (!last.subcommands().isEmpty() && !parsed.isUsageHelpRequested()) {
            throw new ParameterException(
                    last.commandLine(),
                    "a command is missing; there are: "
                            + String.join(", ", last.subcommands().keySet()));
        }
    }

    private static KeyType keyType(String name) {
        try {
            return KeyType.of(name);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(String.valueOf(e.getMessage()));
        }
    }

    // What the first help says of exit codes and variables, the help of each command says too.
    private static void describe(CommandLine command, UsageMessageSpec first) {
        for (CommandLine below : command.getSubcommands().values()) {
            below.getCommandSpec()
                    .usageMessage()
                    .exitCodeListHeading(first.exitCodeListHeading())
                    .exitCodeList(first.exitCodeList())
                    .footerHeading(first.footerHeading())
                    .footer(first.footer());
            describe(below, first);
        }
    }
}
