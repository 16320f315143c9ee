package org.wucme.tls;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.wucme.tls.Aliases.Named;

/**
 * The keys and chains in memory, by the names of their certificates: at most so many, those that were used last. What the
 * store can no longer give is kept beside them. Thread-safe.
 */
final class LoadedKeys {

    private final int limit;
    private final Map<String, Named> recent;
    private final Map<String, Named> irreplaceable = new HashMap<>();

    /** At most so many, which is at least one. */
    LoadedKeys(int limit) {
        this.limit = limit;
        recent = new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Named> eldest) {
                return size() > limit;
            }
        };
    }

    /** What is loaded of a certificate; null if nothing is. */
    synchronized @Nullable Named get(String name) {
        Named kept = irreplaceable.isEmpty() ? null : irreplaceable.get(name);
        return kept != null ? kept : recent.get(name);
    }

    synchronized boolean contains(String name) {
        return irreplaceable.containsKey(name) || recent.containsKey(name);
    }

    /** Whether one more can be kept without dropping another. */
    synchronized boolean hasRoom() {
        return recent.size() < limit;
    }

    /** Adds what the store has now. */
    synchronized void put(String name, Named loaded) {
        irreplaceable.remove(name);
        recent.put(name, loaded);
    }

    /** Keeps what is loaded of a certificate for as long as the store cannot give it. Returns whether anything is. */
    synchronized boolean keep(String name) {
        Named loaded = recent.remove(name);
        if (loaded != null) {
            irreplaceable.put(name, loaded);
        }
        return irreplaceable.containsKey(name);
    }

    synchronized void remove(String name) {
        irreplaceable.remove(name);
        recent.remove(name);
    }

    /** How many are in memory. */
    synchronized int size() {
        return recent.size() + irreplaceable.size();
    }
}
