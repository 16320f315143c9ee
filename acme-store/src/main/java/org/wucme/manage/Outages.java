package org.wucme.manage;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.wucme.acme.Sleeper;

/**
 * CAs that gave no answer lately. Each question to one of them costs all its timeouts, so that the many certificates of one
 * CA would hold up all others: hence they are spared for a while, and after that one of them tries first. Thread-safe.
 */
final class Outages {

    static final Duration PAUSE = Duration.ofMinutes(1);

    private final Sleeper time;
    private final Map<String, Outage> byDirectory = new HashMap<>();

    private record Outage(String problem, long untilNanos) {}

    /**
     * None yet.
     *
     * @param time by a clock that does not jump
     */
    Outages(Sleeper time) {
        this.time = time;
    }

    /** Begins one, or prolongs it. */
    synchronized void begin(String directoryUrl, String problem, Duration length) {
        byDirectory.put(directoryUrl, new Outage(problem, time.nanoTime() + length.toNanos()));
    }

    synchronized void end(String directoryUrl) {
        byDirectory.remove(directoryUrl);
    }

    /** Lets all be asked again. */
    synchronized void endAll() {
        byDirectory.clear();
    }

    /** What was wrong with a CA, if it is not to be asked now; empty for the one who is to try whether it is back. */
    synchronized Optional<String> problemOf(String directoryUrl) {
        Outage outage = byDirectory.get(directoryUrl);
        if (outage == null) {
            return Optional.empty();
        }
        if (outage.untilNanos() - time.nanoTime() > 0) {
            return Optional.of(outage.problem());
        }
        begin(directoryUrl, outage.problem(), PAUSE);
        return Optional.empty();
    }
}
