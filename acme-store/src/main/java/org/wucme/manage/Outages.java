package org.wucme.manage;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.wucme.acme.Sleeper;
import org.wucme.acme.internal.text.OneLine;

/**
 * CAs that gave no answer lately. Each question to one of them costs all its timeouts, so that the many certificates of one
 * CA would hold up all others: hence they are spared for a while, and after that one of them tries first. Thread-safe.
 */
final class Outages {

    static final Duration PAUSE = Duration.ofMinutes(1);

    private final Sleeper time;
    private final Map<String, Outage> byDirectory = new HashMap<>();

    private record Outage(String problem, long sinceNanos, long untilNanos) {}

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
        long now = time.nanoTime();
        Outage before = byDirectory.get(directoryUrl);
        long since = before == null ? now : before.sinceNanos();
        byDirectory.put(directoryUrl, new Outage(problem, since, now + length.toNanos()));
    }

    /**
     * All that have not ended.
     *
     * @param now by the clock of a report
     */
    synchronized List<CaStatus> at(Instant now) {
        long nanos = time.nanoTime();
        return byDirectory.entrySet().stream()
                .map(each -> new CaStatus(
                        each.getKey(),
                        OneLine.of(each.getValue().problem()),
                        now.minusNanos(nanos - each.getValue().sinceNanos()),
                        now.plusNanos(Math.max(0, each.getValue().untilNanos() - nanos))))
                .toList();
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
