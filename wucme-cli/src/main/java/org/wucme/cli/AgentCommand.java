package org.wucme.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneId;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wucme.acme.challenge.Http01;
import org.wucme.acme.challenge.TlsAlpn01;
import org.wucme.acme.internal.text.Trace;
import org.wucme.cli.agent.ActiveRole;
import org.wucme.cli.agent.Agent;
import org.wucme.cli.agent.AgentLog;
import org.wucme.cli.agent.AgentSettings;
import org.wucme.cli.agent.Residence;
import org.wucme.cli.agent.Signals;
import org.wucme.cli.load.LoadEvent;
import org.wucme.cli.notify.NotifySettings;
import org.wucme.cli.report.ManagerWatch;
import org.wucme.store.ActiveManager;
import org.wucme.store.file.FileStore;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "agent",
        description = {
            "Takes care of all certificates in the folder, in the foreground, until SIGTERM or Ctrl-C: what \"manage\""
                    + " does once, this does for as long as it lives, and has them loaded, and tells what happened.",
            "While another agent is active for the same folder, this one stands by, and takes over when that ends.",
            "SIGHUP reads WUCME.CONF, and the files that it names, anew, and has what failed tried again at once."
        })
final class AgentCommand extends WucmeCommand {

    private static final Logger LOG = LoggerFactory.getLogger(AgentCommand.class);

    @Mixin
    final ChallengeOptions challenges = new ChallengeOptions();

    @Option(
            names = "--listen",
            split = ",",
            paramLabel = "TYPE",
            description = {
                "http-01, tls-alpn-01 or both, separated by a comma: their ports are taken at once and kept, so that a"
                        + " server in front, and whoever tries them from elsewhere, finds somebody there.",
                "Otherwise they are taken only while a challenge is there."
            })
    Set<String> listen = Set.of();

    @Mixin
    final LoadOptions load = new LoadOptions();

    @Mixin
    final NotifyOptions notices = new NotifyOptions();

    @Mixin
    final ReportOptions report = new ReportOptions();

    @Mixin
    final LogOptions logging = new LogOptions();

    @Mixin
    final ActiveOption active = new ActiveOption();

    @Mixin
    final MaintenanceOption maintenance = new MaintenanceOption();

    @Override
    public Integer call() throws IOException, InterruptedException {
        AgentLog log = new AgentLog(out()::println, logging.file(globals()));
        globals().logTo(log);
        try (Signals signals = Signals.install();
                ActiveRole role = new ActiveRole()) {
            LOG.info(
                    "wucme agent {}, process {}, for {}",
                    VersionCommand.versions().get("wucme"),
                    ProcessHandle.current().pid(),
                    globals().here().toAbsolutePath());
            Signals.Wish last = run(signals, residence(log, role, signals));
            LOG.info("the agent has ended");
            return last == Signals.Wish.END ? ExitCode.DONE : ExitCode.FAILED;
        }
    }

    private static Residence residence(AgentLog log, ActiveRole role, Signals signals) {
        Clock clock = Clock.system(ZoneId.systemDefault());
        String self = new ActiveManager(
                        NotifyOptions.hostName(), ProcessHandle.current().pid(), null)
                .toString();
        return new Residence(log, new ManagerWatch(clock, self), role, clock, signals::giveUp);
    }

    /** Goes on until there is a wish to end, and returns that. */
    private Signals.Wish run(Signals signals, Residence residence) throws IOException, InterruptedException {
        Agent agent = Agent.start(settings(residence.log()), residence);
        try {
            Signals.Wish wish = signals.next();
            while (wish == Signals.Wish.REREAD) {
                Fresh fresh = reread(residence.log());
                if (fresh != null) {
                    residence.role().follow(fresh.settings().store());
                    agent.stop();
                    agent = startAgain(fresh, agent.settings(), residence);
                    retryNow(agent);
                }
                wish = signals.next();
            }
            return wish;
        } finally {
            agent.close();
        }
    }

    // Whoever has us read anew may have mended what was wrong. A mere restart says nothing of the kind.
    private static void retryNow(Agent agent) {
        try {
            agent.retryNow();
        } catch (IOException | RuntimeException e) {
            LOG.warn("what failed is tried again only when it would be anyway: {}", Errors.describe(e));
        }
    }

    /** What was read anew, and where and how much is logged when that is in use. */
    private record Fresh(AgentSettings settings, Path logFile, boolean isVerbose) {}

    /** What is configured now; null if that cannot be understood. */
    private @Nullable Fresh reread(AgentLog log) {
        LOG.info("SIGHUP: reading anew what is configured");
        try {
            Configuration configuration = globals().configuration().reread();
            configuration.warnings().forEach(LOG::warn);
            AgentCommand fresh = parse(configuration, out(), err(), configuration.words());
            return new Fresh(fresh.settings(log), fresh.logging.file(fresh.globals()), fresh.globals().verbose);
        } catch (IOException | RuntimeException e) {
            LOG.warn("keeping the current configuration: {}", Errors.describe(e));
            logUnexpected(e);
            return null;
        }
    }

    /** The command as it is configured and given. */
    static AgentCommand parse(Configuration configuration, PrintWriter out, PrintWriter err, String... words) {
        CommandLine.ParseResult parsed =
                Wucme.commandLine(configuration, out, err).parseArgs(words);
        AgentCommand command = (AgentCommand) parsed.subcommand().commandSpec().userObject();
        command.globals().configure(configuration);
        return command;
    }

    // A port that somebody else has is no reason to end.
    private Agent startAgain(Fresh fresh, AgentSettings before, Residence residence) throws IOException {
        try {
            Agent agent = Agent.start(fresh.settings(), residence);
            residence.log().moveTo(fresh.logFile());
            globals().verbose = fresh.isVerbose();
            globals().logTo(residence.log());
            return agent;
        } catch (IOException | RuntimeException e) {
            LOG.warn("restoring the previous configuration: {}", Errors.describe(e));
            logUnexpected(e);
            return Agent.restore(before, residence);
        }
    }

    private static void logUnexpected(Exception e) {
        boolean isMistake = e instanceof IllegalArgumentException || e instanceof CommandLine.ParameterException;
        if (!isMistake && Trace.isUnexpected(e)) {
            LOG.error("unexpected error after SIGHUP", Trace.of(e));
        }
    }

    AgentSettings settings(AgentLog log) throws IOException {
        requireTypes();
        Globals globals = globals();
        FileStore store = globals.openStore();
        NotifySettings told = notices.settings(globals);
        // Now, so that what cannot be understood is known before anything has begun.
        told.targets(globals::http);
        return new AgentSettings(
                store,
                globals::connect,
                challenges.openers(listen, globals, store.answers()),
                load.actions(globals, LoadEvent.LOAD),
                told,
                globals::http,
                active.isActive,
                maintenance.window,
                report.opener(told.host(), log, new ReportChecks(globals, store, told, load), challenges));
    }

    private void requireTypes() {
        if (!Set.of(Http01.TYPE, TlsAlpn01.TYPE).containsAll(listen)) {
            throw new IllegalArgumentException(
                    "the agent can listen for http-01 and tls-alpn-01, not for " + String.join(",", listen));
        }
    }
}
