package org.wucme.cli;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.wucme.acme.Identifier;
import org.wucme.acme.challenge.AccountIdentity;
import org.wucme.acme.challenge.Challenge;
import org.wucme.acme.challenge.ChallengeContext;
import org.wucme.acme.challenge.ChallengeSolver;
import org.wucme.acme.challenge.ChallengeTask;
import org.wucme.acme.challenge.Presented;
import org.wucme.cli.agent.Opening;
import org.wucme.cli.agent.SolverOpener;

/** Answers challenges on a port that it keeps once it is opened; until then, on one that is taken while it is needed. */
final class KeptSolver implements ChallengeSolver, Opening, AutoCloseable {

    private final SolverOpener kept;
    private final ChallengeSolver whileNeeded;
    private volatile @Nullable ChallengeSolver opened;

    KeptSolver(SolverOpener kept, ChallengeSolver whileNeeded) {
        this.kept = kept;
        this.whileNeeded = whileNeeded;
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
    public void check(List<Identifier> identifiers) throws IOException {
        current().check(identifiers);
    }

    @Override
    public String settings() {
        return whileNeeded.settings();
    }

    @Override
    public Presented present(Challenge challenge, Identifier identifier, AccountIdentity account) throws IOException {
        return current().present(challenge, identifier, account);
    }

    @Override
    public Presented present(ChallengeTask task, ChallengeContext context) throws IOException {
        return current().present(task, context);
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
