package org.wucme.acme;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The accounts that a client has registered, as long as not all servers of the CA need know them. Thread-safe. */
final class NewAccounts {

    private final Duration patience;
    private final Sleeper sleeper;
    private final Map<String, Deadline> ends = new ConcurrentHashMap<>();

    NewAccounts(Duration patience, Sleeper sleeper) {
        this.patience = patience;
        this.sleeper = sleeper;
    }

    void add(String url) {
        ends.values().removeIf(Deadline::hasPassed);
        ends.put(url, Deadline.after(patience, sleeper));
    }

    /** How long an account may still be unknown to some of them; zero for one that is not new. */
    Duration remaining(@Nullable String url) {
        Deadline end = url == null ? null : ends.get(url);
        return end == null || end.hasPassed() ? Duration.ZERO : end.remaining();
    }
}
