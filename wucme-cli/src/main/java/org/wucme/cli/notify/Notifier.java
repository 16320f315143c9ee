package org.wucme.cli.notify;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.wucme.manage.ManagerEvent;
import org.wucme.store.CertificateStore;

/**
 * Tells targets what a manager does, as far as an administrator wants to know: to be given to the manager as its listener.
 * Each target has a queue of its own, so that one that is down holds up neither another one nor the manager. What waits is
 * kept in memory only. Thread-safe.
 */
public final class Notifier implements Consumer<ManagerEvent>, AutoCloseable {

    private final Notices notices;
    private final List<Delivery> deliveries;
    private final Duration last;
    private final Set<Deployment> failing = ConcurrentHashMap.newKeySet();
    private volatile boolean wasStandby;

    private record Deployment(String certificate, String name) {}

    private Notifier(Notices notices, List<Delivery> deliveries, Duration last) {
        this.notices = notices;
        this.deliveries = deliveries;
        this.last = last;
    }

    /**
     * Starts telling targets.
     *
     * @param host the name of this machine
     * @param store tells what the certificates are for
     * @param noticesADay no target is told of more alarms than that in a day, nor of more else; only that a certificate is
     *     well again is always told to whoever was told that it is not
     */
    public static Notifier start(
            String host, CertificateStore store, List<Target> targets, int noticesADay, Clock clock) {
        return start(Notices.of(host, store, clock), targets, noticesADay, Pauses.USUAL);
    }

    /**
     * As {@link #start(String, CertificateStore, List, int, Clock)}, but {@link #close} waits half a minute for a receiver that
     * is slow. One that cannot be reached is not tried again after that.
     */
    public static Notifier startForOnce(
            String host, CertificateStore store, List<Target> targets, int noticesADay, Clock clock) {
        return start(Notices.of(host, store, clock), targets, noticesADay, Pauses.BEFORE_THE_END);
    }

    static Notifier start(Notices notices, List<Target> targets, int noticesADay, Pauses pauses) {
        return new Notifier(
                notices,
                targets.stream()
                        .map(target -> Delivery.start(target, pauses, new RateLimit(noticesADay)))
                        .toList(),
                pauses.last());
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

    /** Takes nothing more up; tries once more, without pauses, to tell what waits, and gives that a few seconds. */
    @Override
    public void close() {
        deliveries.forEach(Delivery::beginClosing);
        long end = System.nanoTime() + last.toNanos();
        deliveries.forEach(delivery -> delivery.close(Duration.ofNanos(end - System.nanoTime())));
    }
}
