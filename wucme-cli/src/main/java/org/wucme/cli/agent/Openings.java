package org.wucme.cli.agent;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wucme.cli.Errors;
import org.wucme.manage.ManagerEvent;

/**
 * Opens what was left to the active agent while another one stands by: as soon as that becomes active itself, and every few
 * seconds after that until it works. Thread-safe.
 */
final class Openings implements Consumer<ManagerEvent>, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Openings.class);
    private static final Duration PAUSE = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Set<Opening> all = ConcurrentHashMap.newKeySet();

    /** What is not open yet, and what was last said of it. */
    private final Map<Opening, String> missing = new ConcurrentHashMap<>();

    // Events that come after the end are no reason to do anything.
    private final ScheduledExecutorService thread =
            new ScheduledThreadPoolExecutor(1, Openings::daemon, new ThreadPoolExecutor.DiscardPolicy());
    private final String host;
    private final Duration pause;
    private volatile boolean isActive;

    /**
     * None yet.
     *
     * @param host the name of this machine
     */
    Openings(String host) {
        this(host, PAUSE);
    }

    Openings(String host, Duration pause) {
        this.host = host;
        this.pause = pause;
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "ports");
        thread.setDaemon(true);
        return thread;
    }

    void add(Opening opening) {
        all.add(opening);
        missing.put(opening, "");
    }

    boolean isEmpty() {
        return all.isEmpty();
    }

    /**
     * Opens all at once.
     *
     * @throws IOException if one cannot be opened
     */
    void openAll() throws IOException {
        for (Opening opening : Set.copyOf(missing.keySet())) {
            opening.open();
            missing.remove(opening);
        }
    }

    /** Opens at once what can be opened. */
    void openWhatCanBe() {
        missing.keySet().removeIf(this::isOpened);
    }

    /** Begins to try, while the agent is active. */
    void begin() {
        var unused = thread.scheduleWithFixedDelay(this::openIfActive, 0, pause.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void accept(ManagerEvent event) {
        if (event instanceof ManagerEvent.BecameActive) {
            isActive = true;
            thread.execute(this::openIfActive);
        } else if (event instanceof ManagerEvent.BecameStandby standby) {
            isActive = false;
            if (standby.owner().mayBeOn(host)) {
                thread.execute(() -> all.forEach(this::leave));
            }
        }
    }

    private void leave(Opening opening) {
        try {
            if (opening.leave()) {
                missing.put(opening, "");
            }
        } catch (Exception | Error e) {
            LOG.warn("a port could not be left to the active agent: {}", Errors.describe(e));
        }
    }

    private void openIfActive() {
        if (isActive) {
            openWhatCanBe();
        }
    }

    private boolean isOpened(Opening opening) {
        try {
            opening.open();
            return true;
        } catch (Exception | Error e) {
            String problem = Errors.describe(e);
            if (!problem.equals(missing.put(opening, problem))) {
                LOG.warn("{}; this is tried again every {} seconds", problem, pause.toSeconds());
            }
            return false;
        }
    }

    /** Opens nothing more. */
    @Override
    public void close() {
        thread.shutdownNow();
        try {
            boolean unused = thread.awaitTermination(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
