package org.wucme.store.testing;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.wucme.store.CertificateStore;

/** Counts the calls of a store by the names of its methods. Thread-safe. */
public final class CountingStore {

    // What costs no access to what is stored.
    private static final Set<String> FREE =
            Set.of("nameOf", "answers", "records", "budgets", "directories", "toString");
    private static final Set<String> FULL_LISTS = Set.of("list", "versions");

    private final Map<String, Integer> calls = new ConcurrentHashMap<>();
    private final CertificateStore counted;

    /** Counts the calls that go to a store through {@link #store}. */
    public CountingStore(CertificateStore store) {
        this.counted = StoreProxy.of((method, arguments) -> {
            if (!FREE.contains(method.getName())) {
                calls.merge(method.getName(), 1, Integer::sum);
            }
            return StoreProxy.invoke(store, method, arguments);
        });
    }

    /** The store whose calls are counted. */
    public CertificateStore store() {
        return counted;
    }

    /** All calls, by the names of the methods. */
    public Map<String, Integer> calls() {
        return new TreeMap<>(calls);
    }

    /** How many calls there were. */
    public int total() {
        return calls.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** How often a method was called. */
    public int count(String method) {
        return calls.getOrDefault(method, 0);
    }

    /** How often all that is stored was read. */
    public int fullLists() {
        return FULL_LISTS.stream().mapToInt(this::count).sum();
    }

    /** How often something was written. */
    public int writes() {
        return calls.entrySet().stream()
                .filter(each -> each.getKey().startsWith("save")
                        || Set.of("markCompromised", "removeRequest", "archive", "retireAccount")
                                .contains(each.getKey()))
                .mapToInt(Map.Entry::getValue)
                .sum();
    }

    /** Begins anew. */
    public void reset() {
        calls.clear();
    }

    @Override
    public String toString() {
        return "CountingStore" + calls();
    }
}
