package org.wucme.cli.agent;

import java.io.IOException;
import java.time.Clock;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wucme.acme.challenge.ChallengeSolver;
import org.wucme.challenges.ListenException;
import org.wucme.cli.PortOwner;
import org.wucme.cli.notify.EventLog;
import org.wucme.cli.notify.Notifier;
import org.wucme.cli.notify.Target;
import org.wucme.cli.report.ManagerWatch;
import org.wucme.manage.CertificateManager;
import org.wucme.manage.ManagerEvent;
import org.wucme.store.ActiveManager;

/**
 * Takes care of a store until it is closed: obtains and renews, answers challenges, has others load what is new, and tells
 * what happened. While another one is active for the same store, it stands by.
 */
public final class Agent implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Agent.class);

    private static final Clock CLOCK = Clock.system(ZoneId.systemDefault());

    private final Deque<AutoCloseable> parts = new ConcurrentLinkedDeque<>();
    private final Openings openings;
    private final AgentSettings settings;
    private @Nullable CertificateManager manager;

    private Agent(AgentSettings settings) {
        this.settings = settings;
        this.openings = new Openings(settings.notices().host());
    }

    /**
     * Starts an agent.
     *
     * @param log is also kept in its file, while the agent is active
     * @param giveUp is called when this process can go on no more
     * @throws IllegalArgumentException if something that is configured cannot be understood
     * @throws IOException if the store cannot be read, or a port cannot be had; nothing goes on then
     */
    public static Agent start(AgentSettings settings, AgentLog log, Runnable giveUp) throws IOException {
        Agent agent = new Agent(settings);
        try {
            agent.open(log, giveUp);
            return agent;
        } catch (IOException | RuntimeException | Error e) {
            agent.close();
            throw e;
        }
    }

    /** What it goes by. */
    public AgentSettings settings() {
        return settings;
    }

    private void open(AgentLog log, Runnable giveUp) throws IOException {
        List<Target> targets = settings.notices().targets(settings.http());
        Notifier notifier = Notifier.start(
                settings.notices().host(),
                settings.store(),
                targets,
                settings.notices().noticesADay(),
                CLOCK);
        parts.push(notifier);
        // Closed before what waits for the receivers of notices: whoever takes over wants the ports at once.
        List<ChallengeSolver> solvers = openSolvers();
        ManagerWatch watch = new ManagerWatch(CLOCK, self());
        CertificateManager.Builder builder = CertificateManager.builder(settings.store())
                .connect(settings.connect())
                .solvers(solvers)
                .listener(new LastResort(giveUp))
                .listener(watch)
                .listener(openings)
                .listener(event -> keepInFile(event, log))
                .listener(new EventLog(settings.store(), CLOCK))
                .listener(notifier);
        settings.loadActions().forEach(builder::deployment);
        if (settings.isAlwaysActive()) {
            builder.alwaysActive();
        }
        tell(targets);
        CertificateManager started = builder.start();
        parts.push(started);
        manager = started;
        // Closed before what it opens, but for what it opens later, which is closed first.
        parts.push(openings);
        ReportOpener report = settings.report();
        if (report != null) {
            show(() -> parts.push(report.open(watch, started, solvers)));
        }
        openings.begin();
    }

    private List<ChallengeSolver> openSolvers() throws IOException {
        List<ChallengeSolver> solvers = new ArrayList<>();
        for (SolverOpener opener : settings.solvers()) {
            ChallengeSolver solver = opener.open();
            solvers.add(solver);
            if (solver instanceof AutoCloseable part) {
                parts.push(part);
            }
            if (solver instanceof Opening later) {
                openings.add(later);
            }
        }
        return solvers;
    }

    // Certificates are renewed even where nobody can be shown that; but who mistyped where is told at once.
    private void show(Opening report) throws IOException {
        try {
            report.open();
        } catch (IOException e) {
            if (!(e.getCause() instanceof ListenException refusal)
                    || refusal.reason() != ListenException.Reason.PORT_IN_USE) {
                throw e;
            }
            PortOwner owner = new PortOwner(settings.store(), settings.notices().host());
            LOG.info(
                    "there is no report yet: {}",
                    owner.explain(refusal, "this agent shows it as soon as it has the port")
                            .getMessage());
            openings.add(report);
        }
    }

    /**
     * Has what failed tried again at once, as {@link CertificateManager#retryNow} does.
     *
     * @throws IOException if the store cannot be read or written
     */
    public void retryNow() throws IOException {
        if (manager != null) {
            manager.retryNow();
        }
    }

    private String self() {
        return new ActiveManager(
                        settings.notices().host(), ProcessHandle.current().pid(), CLOCK.instant())
                .toString();
    }

    private void tell(List<Target> targets) {
        LOG.info(
                "what is new is loaded by {}",
                settings.loadActions().isEmpty()
                        ? "nobody: WUCME_LOAD can say by whom"
                        : String.join(", then ", settings.loadActions().keySet()));
        LOG.info(
                "notices go to {}",
                targets.isEmpty()
                        ? "nobody: WUCME_MAIL, WUCME_OPCOM, WUCME_WEBHOOK and WUCME_NOTIFY_COMMAND can say to whom"
                        : targets.stream().map(Target::toString).collect(Collectors.joining(", ")));
        targets.forEach(
                target -> target.problem().ifPresent(problem -> LOG.warn("{} may not be told: {}", target, problem)));
    }

    private static void keepInFile(ManagerEvent event, AgentLog log) {
        if (event instanceof ManagerEvent.BecameActive) {
            log.beginFile();
        } else if (event instanceof ManagerEvent.BecameStandby) {
            log.endFile();
        }
    }

    /**
     * Ends within seconds, even in the midst of an order, which the next one goes on with. Notices that wait are given a few
     * seconds.
     */
    @Override
    public void close() {
        while (!parts.isEmpty()) {
            AutoCloseable part = parts.pop();
            try {
                part.close();
            } catch (Exception | Error e) {
                LOG.warn("{} did not end well: {}", part.getClass().getSimpleName(), e.toString());
            }
        }
    }
}
