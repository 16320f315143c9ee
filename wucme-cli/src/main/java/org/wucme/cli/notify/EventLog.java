package org.wucme.cli.notify;

import java.time.Clock;
import java.time.Instant;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wucme.cli.LocalMinute;
import org.wucme.manage.ManagerEvent;
import org.wucme.store.CertificateStore;

/** Writes into the log what a manager does, in the words of notices: to be given to the manager as its listener. For one thread. */
public final class EventLog implements Consumer<ManagerEvent> {

    private static final Logger LOG = LoggerFactory.getLogger(EventLog.class);

    private final Notices notices;
    private boolean isActive;

    /**
     * For a manager.
     *
     * @param store tells what the certificates are for
     * @param isActive whether this process is the active one already, as after settings were read anew: no news then
     */
    public EventLog(CertificateStore store, Clock clock, boolean isActive) {
        this.notices = Notices.of("", store, clock);
        this.isActive = isActive;
    }

    @Override
    public void accept(ManagerEvent event) {
        if (event instanceof ManagerEvent.BecameActive) {
            becomeActive();
        } else if (event instanceof ManagerEvent.BecameStandby standby) {
            isActive = false;
            LOG.info("standby: {} takes care of the certificates; this one takes over when it ends", standby.owner());
        } else if (event instanceof ManagerEvent.Deployed deployed) {
            LOG.info("{}: load succeeded: {}", deployed.certificate().name(), deployed.deployment());
        } else if (!(event instanceof ManagerEvent.Trouble)) {
            // Trouble is in the log already.
            notices.of(event).ifPresent(notice -> log(notice, nextAttempt(event)));
        }
    }

    private void becomeActive() {
        if (!isActive) {
            LOG.info("active: this process takes care of the certificates from now on");
        }
        isActive = true;
    }

    private static void log(Notice notice, String nextAttempt) {
        if (notice.severity() == Notice.Severity.FAILURE || notice.severity() == Notice.Severity.ALARM) {
            LOG.warn("{}{}", notice.line(), nextAttempt);
        } else {
            LOG.info("{}", notice.line());
        }
    }

    private static String nextAttempt(ManagerEvent event) {
        Instant next = event instanceof ManagerEvent.Failed failed
                ? failed.nextAttempt()
                : event instanceof ManagerEvent.DeploymentFailed failed ? failed.nextAttempt() : null;
        return next == null ? "" : "; not tried again before " + LocalMinute.notBefore(next);
    }
}
