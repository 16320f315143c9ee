package org.wucme.manage;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes failures and alarms into the log, listener or not: nothing fails silently. The logger has a name of its own, so that an
 * application that logs events itself can switch it off.
 */
final class FailureLog implements Consumer<ManagerEvent> {

    private static final Logger LOG = LoggerFactory.getLogger(CertificateManager.FAILURE_LOGGER);

    @Override
    public void accept(ManagerEvent event) {
        if (event instanceof ManagerEvent.Failed failed) {
            LOG.warn(
                    "{} could not be obtained or renewed: {}{}",
                    failed.name(),
                    Failure.describe(failed.cause()),
                    next(failed.nextAttempt()));
        } else if (event instanceof ManagerEvent.DeploymentFailed failed) {
            LOG.warn(
                    "{} could not be deployed by {}: {}{}",
                    failed.certificate().name(),
                    failed.deployment(),
                    Failure.describe(failed.cause()),
                    next(failed.nextAttempt()));
        } else if (event instanceof ManagerEvent.Alarm alarm) {
            LOG.error("{}: {}: {}", alarm.name(), alarm.reason(), alarm.message());
        }
    }

    private static String next(@Nullable Instant nextAttempt) {
        return nextAttempt == null ? "" : "; next attempt not before " + nextAttempt.truncatedTo(ChronoUnit.SECONDS);
    }
}
