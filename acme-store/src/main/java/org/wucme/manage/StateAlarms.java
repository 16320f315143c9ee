package org.wucme.manage;

import java.time.Instant;
import java.util.Optional;
import org.wucme.store.RenewalRecord;

/** Alarms for which the state of a certificate is reason enough, whatever was tried. */
final class StateAlarms {

    private StateAlarms() {}

    /** That a certificate was not renewed, though little of its lifetime is left, or nothing. */
    static Optional<ManagerEvent.Alarm> late(CertificateState state, Instant now) {
        Validity validity = state.validity();
        if (validity == null || !now.isAfter(validity.alarmAt())) {
            return Optional.empty();
        }
        RenewalRecord renewal = state.renewal();
        String why = renewal == null || renewal.attempts().lastProblem() == null
                ? ""
                : ": " + renewal.attempts().lastProblem();
        ManagerEvent.Alarm alarm = now.isBefore(validity.end())
                ? new ManagerEvent.Alarm(
                        state.name(), ManagerEvent.Reason.EXPIRES_SOON, "it ends at " + validity.end() + why)
                : new ManagerEvent.Alarm(
                        state.name(), ManagerEvent.Reason.EXPIRED, "it ended at " + validity.end() + why);
        return Optional.of(alarm);
    }

    /** That what is stored cannot be used as it is. */
    static ManagerEvent.Alarm needsHelp(String name, String problem) {
        return new ManagerEvent.Alarm(name, ManagerEvent.Reason.NEEDS_HELP, problem);
    }
}
