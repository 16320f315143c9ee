package org.wucme.challenges.internal.server;

import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.function.Consumer;

/** What each client address holds, so that the one with the most gives way. Not thread-safe. */
final class AddressShares<T> {

    private final Map<String, Share<T>> byAddress = new HashMap<>();
    private final NavigableSet<Share<T>> largestFirst = new TreeSet<>(
            Comparator.<Share<T>>comparingInt(Share::size).reversed().thenComparingLong(Share::oldest));
    private long count;
    private int size;

    int size() {
        return size;
    }

    /** Adds the youngest of an address. */
    void add(String address, T member) {
        change(address, share -> share.ages.put(member, count++));
        size++;
    }

    /** Removes one that was added. */
    void remove(String address, T member) {
        change(address, share -> share.ages.remove(member));
        size--;
    }

    /** Makes one that was added the youngest of its address. */
    void renew(String address, T member) {
        remove(address, member);
        add(address, member);
    }

    /** The oldest of the address that holds the most; of addresses that hold as many, the oldest. */
    T oldestOfLargest() {
        return largestFirst.first().ages.keySet().iterator().next();
    }

    // The order depends on what a share holds: it is taken out meanwhile.
    private void change(String address, Consumer<Share<T>> change) {
        Share<T> share = byAddress.computeIfAbsent(address, first -> new Share<>());
        if (share.size() > 0) {
            largestFirst.remove(share);
        }
        change.accept(share);
        if (share.size() > 0) {
            largestFirst.add(share);
        } else {
            byAddress.remove(address);
        }
    }

    private static final class Share<T> {

        private final Map<T, Long> ages = new LinkedHashMap<>();

        int size() {
            return ages.size();
        }

        long oldest() {
            return ages.values().iterator().next();
        }
    }
}
