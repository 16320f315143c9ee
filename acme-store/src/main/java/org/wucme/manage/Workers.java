package org.wucme.manage;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.wucme.acme.Deadline;

/** The threads that renew: for each CA its own, so that one that is slow or down holds up no other. */
final class Workers implements AutoCloseable {

    private final int atOnce;
    private final Map<String, ExecutorService> byDirectory = new ConcurrentHashMap<>();

    /**
     * None yet.
     *
     * @param atOnce how many there are for each CA
     */
    Workers(int atOnce) {
        this.atOnce = atOnce;
    }

    void execute(String directoryUrl, Runnable task) {
        byDirectory
                .computeIfAbsent(
                        directoryUrl,
                        unused -> Executors.newFixedThreadPool(
                                atOnce, each -> Listener.daemon(each, "certificate renewal")))
                .execute(task);
    }

    /** Interrupts what is in progress; waits for nothing. */
    @Override
    public void close() {
        byDirectory.values().forEach(ExecutorService::shutdownNow);
    }

    /** Waits for what was in progress. */
    void awaitEnd(Deadline end) throws InterruptedException {
        for (ExecutorService workers : byDirectory.values()) {
            boolean unused = workers.awaitTermination(end.remaining().toNanos(), TimeUnit.NANOSECONDS);
        }
    }
}
