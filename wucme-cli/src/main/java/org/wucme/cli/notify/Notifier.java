package org.wucme.cli.notify;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.wucme.manage.ManagerEvent;
import org.wucme.store.file.FileStore;

/**
 * Tells targets what a manager does, as far as an administrator wants to know: to be given to the manager as its listener.
 * Each target has a queue of its own, so that one that is down holds up neither another one nor the manager. Pending
 * notices are kept in the folder of the certificates: the next process delivers them when this one ends, and sends nothing that
 * was sent lately again. Thread-safe.
 */
public final class Notifier implements Consumer<ManagerEvent>, AutoCloseable {

    private final Notices notices;
    private final List<Delivery> deliveries;
    private final Outbox outbox;
    private final Duration last;
    private final Set<Deployment> failing = ConcurrentHashMap.newKeySet();
    private volatile boolean wasStandby;

    private record Deployment(String certificate, String name) {}

    private Notifier(Notices notices, List<Delivery> deliveries, Outbox outbox, Duration last) {
        this.notices = notices;
        this.outbox = outbox;
        this.deliveries = deliveries;
        this.last = last;
    }

    /**
     * Starts telling targets.
     *
     * @param host the name of this machine
     * @param store tells what the certificates are for; what waits is kept in its folder
     * @param noticesADay how many alarms, and how many other notices, a target is sent in a day; that a certificate is
     *     well again is always sent to a target that got a notice of its failure
     */
    public static Notifier start(String host, FileStore store, List<Target> targets, int noticesADay, Clock clock) {
        return start(host, store, targets, noticesADay, clock, Pauses.USUAL);
    }

    /**
     * As {@link #start(String, FileStore, List, int, Clock)}, but {@link #close} waits half a minute for a receiver that
     * is slow. To one that cannot be reached then, the next process delivers.
     */
    public static Notifier startForOnce(
            String host, FileStore store, List<Target> targets, int noticesADay, Clock clock) {
        return start(host, store, targets, noticesADay, clock, Pauses.BEFORE_THE_END);
    }

    static Notifier start(
            String host, FileStore store, List<Target> targets, int noticesADay, Clock clock, Pauses pauses) {
        Notices notices = Notices.of(host, store, clock);
        return targets.isEmpty()
                ? start(notices, targets, noticesADay, pauses)
                : start(
                        notices,
                        targets,
                        pauses,
                        new ToldFile(store.path(), noticesADay),
                        Outbox.open(store.path(), clock.instant()));
    }

    static Notifier start(Notices notices, List<Target> targets, int noticesADay, Pauses pauses) {
        return start(notices, targets, pauses, new ToldFile(null, noticesADay), Outbox.inMemory());
    }

    private static Notifier start(Notices notices, List<Target> targets, Pauses pauses, ToldFile told, Outbox outbox) {
        List<Delivery> deliveries = new ArrayList<>();
        Map<String, Integer> names = new HashMap<>();
        for (Target target : targets) {
            // Two webhooks at one server look the same, since their paths are secrets.
            int number = names.merge(target.toString(), 1, Integer::sum);
            String name = number == 1 ? target.toString() : target + " (" + number + ")";
            deliveries.add(Delivery.start(target, name, pauses, told, outbox));
        }
        return new Notifier(notices, deliveries, outbox, pauses.last());
    }

    /** A notice that tells only that notices arrive, for somebody who tries that. */
    public static Notice test(String host, Clock clock) {
        return new Notices(host, clock, name -> List.of()).test();
    }

    /** Tells an event, if it is worth it, at once or when a target can be reached. Returns at once. */
    @Override
    public void accept(ManagerEvent event) {
        if (isNews(event)) {
            notices.of(event).ifPresent(this::tell);
        }
    }

    // Whoever never stood by took nothing over: he began. What worked at once was told with the certificate.
    private boolean isNews(ManagerEvent event) {
        if (event instanceof ManagerEvent.BecameStandby) {
            wasStandby = true;
        } else if (event instanceof ManagerEvent.BecameActive) {
            return wasStandby;
        } else if (event instanceof ManagerEvent.DeploymentFailed failed) {
            failing.add(new Deployment(failed.certificate().name(), failed.deployment()));
        } else if (event instanceof ManagerEvent.Deployed done) {
            return failing.remove(new Deployment(done.certificate().name(), done.deployment()));
        }
        return true;
    }

    /** Tells something that no manager knows of. Returns at once. */
    public void tell(Notice notice) {
        deliveries.forEach(delivery -> delivery.offer(notice));
    }

    /** Takes nothing more up; tries once more, without pauses, to tell what waits, gives that a few seconds, and leaves the rest to the next process. */
    @Override
    public void close() {
        deliveries.forEach(Delivery::beginClosing);
        long end = System.nanoTime() + last.toNanos();
        deliveries.forEach(delivery -> delivery.close(Duration.ofNanos(end - System.nanoTime())));
        outbox.close();
    }
}
