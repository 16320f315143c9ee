package org.wucme.manage;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The status of one CA in a {@link ManagerStatus}, as far as attempts have shown it: it is not asked for this. Immutable.
 *
 * @param directoryUrl URL of its directory
 * @param problem why it is out of service, in one line; null if it is not known to be
 * @param since since when it is out of service; null if it is not, or if an earlier process found it
 * @param nextAttempt when it is asked again at the earliest; null if it is not out of service
 */
public record CaStatus(
        String directoryUrl,
        @Nullable String problem,
        @Nullable Instant since,
        @Nullable Instant nextAttempt) {

    public CaStatus {
        Objects.requireNonNull(directoryUrl, "directoryUrl");
    }

    /** Whether it is known to be out of service. */
    public boolean isOutOfService() {
        return problem != null;
    }
}
