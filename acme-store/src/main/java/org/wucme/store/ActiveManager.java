package org.wucme.store;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * The process whose manager takes care of a store. Immutable.
 *
 * @param host the name of its machine; null if not known
 * @param pid its number there; null if not known
 * @param since when it began to; null if not known
 */
public record ActiveManager(
        @Nullable String host, @Nullable Long pid, @Nullable Instant since) {

    /** Of which nothing is known but that it is there. */
    public static final ActiveManager UNKNOWN = new ActiveManager(null, null, null);

    /** Whether it is on the machine of this name, as far as is known: also if nobody knows where it is. */
    public boolean mayBeOn(String machine) {
        return host == null || host.equals(machine);
    }

    /** For a human, such as "process 4711 on www1, since 2026-11-22T00:20:27Z". */
    @Override
    public String toString() {
        return (pid == null ? "another process" : "process " + pid)
                + (host == null ? "" : " on " + host)
                + (since == null ? "" : ", since " + since.truncatedTo(ChronoUnit.SECONDS));
    }
}
