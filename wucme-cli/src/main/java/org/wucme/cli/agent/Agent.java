package org.wucme.cli.agent;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wucme.acme.challenge.ChallengeSolver;
import org.wucme.acme.internal.text.OneLine;
import org.wucme.challenges.ListenException;
import org.wucme.cli.Errors;
import org.wucme.cli.PortOwner;
import org.wucme.cli.notify.EventLog;
import org.wucme.cli.notify.Notifier;
import org.wucme.cli.notify.Target;
import org.wucme.manage.CertificateManager;
import org.wucme.manage.ManagerEvent;
import org.wucme.manage.ManagerStatus;
import org.wucme.store.ActiveManager;
import org.wucme.store.MaintenanceWindow;

/**
 * Takes care of a store until it is closed: obtains and renews, answers challenges, has others load what is new, and tells
 * what happened. While another one is active for the same store, it stands by.
 */
public final class Agent implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Agent.class);

    // Of those that start together, the active one has its ports and its report before another one wants them.
    private static final Duration HEAD_START = Duration.ofSeconds(1);

    private final Deque<AutoCloseable> parts = new ConcurrentLinkedDeque<>();
    private final AgentSettings settings;
    private final Residence residence;
    private final Notifier notifier;
    private final Openings openings;
    private @Nullable CertificateManager manager;

    private Agent(AgentSettings settings, Residence residence) {
        this.settings = settings;
        this.residence = residence;
        this.openings = new Openings(host());
        this.notifier = Notifier.start(
                host(), settings.store(), targets(), settings.notices().noticesADay(), residence.clock());
    }

    /**
     * Starts an agent.
     *
     * @param residence takes part in it until it is closed
     * @throws IllegalArgumentException if something that is configured cannot be understood
     * @throws IOException if the store cannot be read, or if this agent is to be the active one and a port cannot be had;
     *     nothing goes on then
     */
    public static Agent start(AgentSettings settings, Residence residence) throws IOException {
        Agent agent = new Agent(settings, residence);
        return agent.started(agent::openPorts);
    }

    /**
     * Starts an agent with settings that were in use a moment ago: a port that cannot be had now is opened as soon as it can.
     *
     * @throws IOException if the store cannot be read
     */
    public static Agent restore(AgentSettings settings, Residence residence) throws IOException {
        Agent agent = new Agent(settings, residence);
        return agent.started(agent.openings::openWhatCanBe);
    }

    private Agent started(Opening ports) throws IOException {
        try {
            open(ports);
            residence.role().leaveOthers(settings.store());
            return this;
        } catch (IOException | RuntimeException | Error e) {
            stop();
            throw e;
        }
    }

    /** What it goes by. */
    public AgentSettings settings() {
        return settings;
    }

    private String host() {
        return settings.notices().host();
    }

    private List<Target> targets() {
        return settings.notices().targets(settings.http());
    }

    private void open(Opening ports) throws IOException {
        List<ChallengeSolver> solvers = openSolvers();
        CertificateLog certificates = new CertificateLog(this::status, residence.clock());
        CertificateManager built = build(solvers, certificates);
        manager = built;
        parts.push(built);
        parts.push(certificates);
        // Closed before what it opens, but for what it opens later, which is closed first.
        parts.push(openings);
        tryToBecomeActive();
        ports.open();
        ReportOpener report = settings.report();
        if (report != null) {
            show(explained(() -> parts.push(report.open(residence.watch(), built, solvers))));
        }
        tell();
        built.start();
        openings.begin();
    }

    private ManagerStatus status() throws IOException {
        return Objects.requireNonNull(manager).status();
    }

    private CertificateManager build(List<ChallengeSolver> solvers, CertificateLog certificates) {
        CertificateManager.Builder builder = CertificateManager.builder(settings.store())
                .connect(settings.connect())
                .solvers(solvers)
                .activeLock(patience -> residence.role().acquire(settings.store(), patience))
                .listener(new LastResort(residence.giveUp()))
                .listener(residence.watch())
                .listener(openings)
                .listener(event -> keepInFile(event, residence.log()))
                .listener(new EventLog(
                        settings.store(), residence.clock(), residence.role().isHeld(settings.store())))
                .listener(certificates)
                .listener(notifier);
        settings.loadActions().forEach(builder::deployment);
        MaintenanceWindow window = settings.maintenanceWindow();
        if (window != null) {
            builder.maintenanceWindow(window);
        }
        return settings.isAlwaysActive() ? builder.alwaysActive().build() : builder.build();
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

    private void tryToBecomeActive() throws IOException {
        try {
            residence.role().acquire(settings.store(), HEAD_START);
        } catch (IOException e) {
            if (!settings.isAlwaysActive()) {
                throw e;
            }
            LOG.debug("active without the lock: {}", Errors.describe(e));
        }
    }

    // Only the active one insists on its ports: what has them then is no agent of this store.
    private void openPorts() throws IOException {
        if (residence.role().isHeld(settings.store())) {
            openings.openAll();
            return;
        }
        Optional<ActiveManager> active = settings.store().active();
        if (active.filter(other -> !other.mayBeOn(host())).isPresent()) {
            openings.openWhatCanBe();
        } else if (!openings.isEmpty()) {
            LOG.info(
                    "the ports are not kept yet, but left to the active agent{}",
                    active.map(other -> " (" + OneLine.of(other.toString()) + ")")
                            .orElse(""));
        }
    }

    // Certificates are renewed even without a report; but a mistyped address of it is an error at the start.
    private void show(Opening report) throws IOException {
        try {
            report.open();
        } catch (PortTakenException e) {
            LOG.info("there is no report yet: {}", e.getMessage());
            openings.add(report);
        }
    }

    /** Opens a report; says who has its port. */
    private Opening explained(Opening report) {
        PortOwner owner = new PortOwner(settings.store(), host());
        return () -> {
            try {
                report.open();
            } catch (IOException e) {
                throw e.getCause() instanceof ListenException refusal
                                && refusal.reason() == ListenException.Reason.PORT_IN_USE
                        ? new PortTakenException(
                                owner.explainToAgent(refusal, "this agent shows it as soon as it has the port"))
                        : e;
            }
        };
    }

    private static final class PortTakenException extends IOException {
        PortTakenException(ListenException explanation) {
            super(explanation.getMessage(), explanation);
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

    private void tell() {
        List<Target> targets = targets();
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
        targets.forEach(target ->
                target.problem().ifPresent(problem -> LOG.warn("notices by {} may not work: {}", target, problem)));
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
     * seconds; a standby becomes active before that, and finds the ports free.
     */
    @Override
    public void close() {
        closeParts();
        close(residence.role());
        close(notifier);
    }

    /** As {@link #close}, but this process stays the active one, for the agent that is started next. */
    public void stop() {
        closeParts();
        close(notifier);
    }

    private void closeParts() {
        while (!parts.isEmpty()) {
            close(parts.pop());
        }
    }

    private static void close(AutoCloseable part) {
        try {
            part.close();
        } catch (Exception | Error e) {
            LOG.warn("{} did not end well: {}", part.getClass().getSimpleName(), e.toString());
        }
    }
}
