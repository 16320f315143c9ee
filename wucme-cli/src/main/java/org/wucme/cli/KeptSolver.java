package org.wucme.cli;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wucme.acme.Identifier;
import org.wucme.acme.challenge.AccountIdentity;
import org.wucme.acme.challenge.Challenge;
import org.wucme.acme.challenge.ChallengeSolver;
import org.wucme.acme.challenge.Presented;
import org.wucme.challenges.ListenException;
import org.wucme.cli.agent.Opening;
import org.wucme.cli.agent.SolverOpener;
import org.wucme.store.CertificateStore;

/** Answers challenges on a port that it keeps; as long as it could not be had, on one that is taken while it is needed. */
final class KeptSolver implements ChallengeSolver, Opening, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(KeptSolver.class);

    private final SolverOpener kept;
    private final ChallengeSolver whileNeeded;
    private volatile @Nullable ChallengeSolver opened;

    private KeptSolver(SolverOpener kept, ChallengeSolver whileNeeded) {
        this.kept = kept;
        this.whileNeeded = whileNeeded;
    }

    /**
     * Takes the port, unless the active agent of the store may be on this machine, or may have the port.
     *
     * @param host the name of this machine
     * @throws IOException if the port cannot be had for any other reason
     */
    static KeptSolver start(SolverOpener kept, ChallengeSolver whileNeeded, CertificateStore store, String host)
            throws IOException {
        KeptSolver solver = new KeptSolver(kept, whileNeeded);
        if (store.active().filter(other -> other.mayBeOn(host)).isPresent()) {
            LOG.info("the port is not kept yet, but left to the active agent");
            return solver;
        }
        try {
            solver.open();
        } catch (ListenException e) {
            if (e.reason() != ListenException.Reason.PORT_IN_USE
                    || store.active().isEmpty()) {
                throw e;
            }
            LOG.info("the port is not kept yet: {} uses it", new PortOwner(store, host).at(e.port()));
        }
        return solver;
    }

    /** Not for several threads at once. */
    @Override
    public void open() throws IOException {
        if (opened == null) {
            opened = kept.open();
        }
    }

    private ChallengeSolver current() {
        ChallengeSolver present = opened;
        return present == null ? whileNeeded : present;
    }

    @Override
    public boolean canSolve(Challenge challenge, Identifier identifier) {
        return current().canSolve(challenge, identifier);
    }

    @Override
    public Presented present(Challenge challenge, Identifier identifier, AccountIdentity account) throws IOException {
        return current().present(challenge, identifier, account);
    }

    /** Not while another thread opens it. */
    @Override
    public boolean leave() throws Exception {
        ChallengeSolver present = opened;
        opened = null;
        if (present instanceof AutoCloseable server) {
            server.close();
        }
        return true;
    }

    @Override
    public void close() throws Exception {
        leave();
    }
}
