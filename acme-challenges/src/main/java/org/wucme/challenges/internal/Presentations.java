package org.wucme.challenges.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** What is presented now under each key, the earliest first. Thread-safe; readers never wait. */
public final class Presentations<T> {

    private final Map<String, List<T>> byKey = new ConcurrentHashMap<>();

    /** Puts one behind those that are there already. */
    public void add(String key, T presentation) {
        byKey.compute(key, (same, earlier) -> {
            List<T> all = new ArrayList<>(earlier == null ? List.of() : earlier);
            all.add(presentation);
            return List.copyOf(all);
        });
    }

    /** Takes this very object away, and no other that equals it; does nothing if it is gone. */
    public void remove(String key, T presentation) {
        byKey.computeIfPresent(key, (same, all) -> without(all, presentation));
    }

    /** All under a key; empty if there are none. */
    public List<T> get(String key) {
        return byKey.getOrDefault(key, List.of());
    }

    @SuppressWarnings("ReferenceEquality") // Each is removed by the one who presented it.
    private static <T> @Nullable List<T> without(List<T> all, T presentation) {
        List<T> others = all.stream().filter(other -> other != presentation).toList();
        return others.isEmpty() ? null : others;
    }
}
