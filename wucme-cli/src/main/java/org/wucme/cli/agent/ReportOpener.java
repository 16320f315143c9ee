package org.wucme.cli.agent;

import java.io.IOException;
import java.util.List;
import java.util.function.Supplier;
import org.wucme.acme.challenge.ChallengeSolver;
import org.wucme.cli.report.ManagerState;
import org.wucme.cli.report.ReportServer;
import org.wucme.manage.CertificateManager;

/** Begins to show a report. */
@FunctionalInterface
public interface ReportOpener {

    /**
     * Shows it from now on; closed by the agent.
     *
     * @param state tells how the manager stands
     * @param manager what takes care of the store
     * @param solvers what answers challenges
     * @throws IOException if it cannot be shown; with the cause {@link org.wucme.challenges.ListenException} if it cannot listen
     */
    ReportServer open(Supplier<ManagerState> state, CertificateManager manager, List<ChallengeSolver> solvers)
            throws IOException;
}
