package org.wucme.tls;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wucme.acme.internal.text.OneLine;
import org.wucme.acme.internal.text.Trace;
import org.wucme.store.CertificateSource;
import org.wucme.store.internal.Threads;

/**
 * Compares what a source has with what was last loaded from it, and loads what has changed, several certificates at the same
 * time. One whose reading hangs does not keep the others from being followed. Thread-safe.
 */
final class Changes implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Changes.class);

    private final CertificateSource source;
    private final CertificateIndex index;
    private final Loader loader;
    private final Duration patience;
    private final StateChanges states = new StateChanges();
    private final Map<String, String> loaded = new ConcurrentHashMap<>();
    private final Set<String> inProgress = ConcurrentHashMap.newKeySet();
    private final ExecutorService threads = Threads.pool(Threads.usualCount(), "wucme-certificate-changes");

    /**
     * For a source.
     *
     * @param patience for how long no reading may end before they are left to go on alone
     */
    Changes(CertificateSource source, CertificateIndex index, Loader loader, Duration patience) {
        this.source = source;
        this.index = index;
        this.loader = loader;
        this.patience = patience;
    }

    /** Loads what has changed; if that cannot be told, all stays as it is. */
    void follow() {
        try {
            load();
            if (states.becomesRight("")) {
                LOG.info("{} can be read again", source);
            }
        } catch (IOException | RuntimeException | Error e) {
            boolean isNews =
                    !Thread.currentThread().isInterrupted() && states.becomesWrong("", OneLine.of(e.toString()));
            if (isNews && Trace.isUnexpected(e)) {
                LOG.error("unexpected error at {}; what is served stays as it is", source, Trace.of(e));
            } else if (isNews) {
                LOG.warn("{} cannot be read, and what is served stays as it is: {}", source, OneLine.of(e.toString()));
            }
        }
    }

    /**
     * Loads what has changed. What could not be loaded counts as changed the next time.
     *
     * @throws IOException if that cannot be told
     */
    void load() throws IOException {
        Map<String, String> present = source.versions();
        if (Thread.currentThread().isInterrupted()) {
            // They may not have been read to their end, which says nothing about the certificates.
            throw new InterruptedIOException("interrupted while the certificates were listed");
        }
        Set<String> changed = new HashSet<>(index.names());
        changed.addAll(loaded.keySet());
        changed.removeAll(present.keySet());
        present.forEach((name, version) -> {
            if (!version.equals(loaded.get(name))) {
                changed.add(name);
            }
        });
        changed.removeIf(name -> !inProgress.add(name));
        awaitEnd(changed.stream()
                .map(name -> CompletableFuture.runAsync(() -> load(name, present.get(name)), threads))
                .toList());
    }

    private void load(String name, @Nullable String version) {
        try {
            if (loader.refresh(name) && version != null) {
                loaded.put(name, version);
            } else {
                loaded.remove(name);
            }
        } catch (RuntimeException | Error e) {
            // The one who began this may wait for it no more.
            LOG.error("certificate {}: unexpected error while it was read", name, Trace.of(e));
            loaded.remove(name);
        } finally {
            inProgress.remove(name);
        }
    }

    private void awaitEnd(List<CompletableFuture<Void>> readings) throws IOException {
        CompletableFuture<Void> all = CompletableFuture.allOf(readings.toArray(CompletableFuture[]::new));
        long ended = -1;
        while (!isEnded(all)) {
            long before = ended;
            ended = readings.stream().filter(CompletableFuture::isDone).count();
            if (ended == before) {
                LOG.warn(
                        "reading {} of {} certificates in {} takes long; the others are served",
                        readings.size() - ended,
                        readings.size(),
                        source);
                return;
            }
        }
    }

    private boolean isEnded(CompletableFuture<Void> all) throws IOException {
        try {
            all.get(patience.toNanos(), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while certificates were read");
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    /** Interrupts what is being read; nothing more can be loaded. */
    @Override
    public void close() {
        threads.shutdownNow();
    }
}
