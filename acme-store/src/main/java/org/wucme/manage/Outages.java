package org.wucme.manage;

import java.io.InterruptedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.wucme.acme.Sleeper;
import org.wucme.acme.internal.text.OneLine;

/**
 * Which CAs answer. Each question to one that does not costs all its timeouts, so that the many certificates of one CA would
 * hold up all others: hence one thread asks first, the others wait for what comes of that, and a CA that gave no answer is
 * spared for a while. Thread-safe.
 */
final class Outages {

    static final Duration PAUSE = Duration.ofMinutes(1);

    private final Sleeper time;
    private final Map<String, Outage> byDirectory = new HashMap<>();
    private final Set<String> answering = new HashSet<>();
    private final Set<String> beingTried = new HashSet<>();

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
        answering.remove(directoryUrl);
        stopTrying(directoryUrl);
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

    /** Notes that a CA answers. */
    synchronized void end(String directoryUrl) {
        byDirectory.remove(directoryUrl);
        answering.add(directoryUrl);
        stopTrying(directoryUrl);
    }

    /** Notes that the caller is done with a CA, whether or not it is known now whether it answers: another one may try. */
    synchronized void stopTrying(String directoryUrl) {
        beingTried.remove(directoryUrl);
        notifyAll();
    }

    /** Lets all be asked again. */
    synchronized void endAll() {
        byDirectory.clear();
    }

    /**
     * What was wrong with a CA, if it is not to be asked now. Empty if it answers, and for the one who is to try whether it
     * does: that one calls {@link #begin}, {@link #end} or {@link #stopTrying} before long. Waits while another one tries.
     */
    synchronized Optional<String> problemOf(String directoryUrl) throws InterruptedIOException {
        awaitTry(directoryUrl);
        Outage outage = byDirectory.get(directoryUrl);
        if (outage != null && outage.untilNanos() - time.nanoTime() > 0) {
            return Optional.of(outage.problem());
        }
        if (!answering.contains(directoryUrl)) {
            beingTried.add(directoryUrl);
        }
        return Optional.empty();
    }

    private synchronized void awaitTry(String directoryUrl) throws InterruptedIOException {
        try {
            while (beingTried.contains(directoryUrl)) {
                wait();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException(
                    "interrupted while another thread found out whether " + directoryUrl + " answers");
        }
    }
}
