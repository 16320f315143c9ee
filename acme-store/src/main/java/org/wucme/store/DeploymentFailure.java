package org.wucme.store;

import java.time.Instant;
import java.util.Objects;

/**
 * Why what is owed to a certificate was not carried out yet. Immutable.
 *
 * @param failures how many attempts have failed in a row; at least one
 * @param problem why the last one did
 * @param nextAttempt not to be tried before
 */
public record DeploymentFailure(int failures, String problem, Instant nextAttempt) {

    public DeploymentFailure {
        if (failures < 1) {
            throw new IllegalArgumentException("a failure is at least one, not " + failures);
        }
        Objects.requireNonNull(problem, "problem");
        Objects.requireNonNull(nextAttempt, "nextAttempt");
    }
}
