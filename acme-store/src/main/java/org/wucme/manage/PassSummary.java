package org.wucme.manage;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs what came of a planning pass as soon as all that it began is done: how many certificates there are, and how many were renewed
 * and failed. Of a pass without any attempt, nothing is logged. Thread-safe.
 */
final class PassSummary {

    private static final Logger LOG = LoggerFactory.getLogger(PassSummary.class);

    private int certificates;
    private int inProgress;
    private int renewed;
    private int failed;

    /** A pass found so many certificates. */
    synchronized void found(int all) {
        certificates = all;
    }

    /** Work on one of them is about to begin. */
    synchronized void begin() {
        inProgress++;
    }

    /**
     * Work on one of them is done.
     *
     * @param outcome null for an unexpected end
     */
    void end(@Nullable Outcome outcome) {
        String summary = afterOne(outcome);
        if (summary != null) {
            LOG.info("{}", summary);
        }
    }

    private synchronized @Nullable String afterOne(@Nullable Outcome outcome) {
        renewed += outcome instanceof Outcome.Obtained ? 1 : 0;
        failed += outcome == null || outcome instanceof Outcome.Failed ? 1 : 0;
        if (--inProgress > 0 || renewed + failed == 0) {
            return null;
        }
        String summary = certificates + (certificates == 1 ? " certificate, " : " certificates, ") + renewed
                + " renewed, " + failed + " failed";
        renewed = 0;
        failed = 0;
        return summary;
    }
}
