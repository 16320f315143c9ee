package org.wucme.tls;

import java.io.IOException;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wucme.store.CertificateSource;

/** Compares what a source has with what was last loaded from it, and loads what has changed. Thread-safe. */
final class Changes {

    private static final Logger LOG = LoggerFactory.getLogger(Changes.class);

    private final CertificateSource source;
    private final CertificateIndex index;
    private final Loader loader;
    private final StateChanges states = new StateChanges();
    private final Map<String, String> loaded = new ConcurrentHashMap<>();

    Changes(CertificateSource source, CertificateIndex index, Loader loader) {
        this.source = source;
        this.index = index;
        this.loader = loader;
    }

    /** Loads what has changed; if that cannot be told, all stays as it is. */
    void follow() {
        try {
            load();
            if (states.becomesRight("")) {
                LOG.info("{} can be read again", source);
            }
        } catch (IOException | RuntimeException | Error e) {
            boolean isNews = !Thread.currentThread().isInterrupted() && states.becomesWrong("", String.valueOf(e));
            if (isNews) {
                LOG.warn("{} cannot be read, and what is served stays as it is: {}", source, e.toString());
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
        Set<String> gone = new HashSet<>(index.names());
        gone.addAll(loaded.keySet());
        gone.removeAll(present.keySet());
        gone.forEach(name -> {
            loaded.remove(name);
            loader.refresh(name);
        });
        // At once, because of the ten thousand that a server may begin with.
        present.entrySet().parallelStream()
                .filter(entry -> !entry.getValue().equals(loaded.get(entry.getKey())))
                .forEach(entry -> load(entry.getKey(), entry.getValue()));
    }

    private void load(String name, String version) {
        if (loader.refresh(name)) {
            loaded.put(name, version);
        } else {
            loaded.remove(name);
        }
    }
}
