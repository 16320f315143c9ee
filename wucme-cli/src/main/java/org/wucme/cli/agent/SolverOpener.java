package org.wucme.cli.agent;

import java.io.IOException;
import org.wucme.acme.challenge.ChallengeSolver;

/** Makes what answers challenges, and takes its port if that is to be kept. */
@FunctionalInterface
public interface SolverOpener {

    /**
     * What answers challenges; closed by the agent, if it can be.
     *
     * @throws IOException if the port cannot be had
     */
    ChallengeSolver open() throws IOException;
}
