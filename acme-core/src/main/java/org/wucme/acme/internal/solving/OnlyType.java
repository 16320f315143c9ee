package org.wucme.acme.internal.solving;

import java.io.IOException;
import java.util.List;
import org.wucme.acme.Identifier;
import org.wucme.acme.challenge.AccountIdentity;
import org.wucme.acme.challenge.Challenge;
import org.wucme.acme.challenge.ChallengeContext;
import org.wucme.acme.challenge.ChallengeGroups;
import org.wucme.acme.challenge.ChallengeSolver;
import org.wucme.acme.challenge.ChallengeTask;
import org.wucme.acme.challenge.Presented;

/** A solver held to one type of challenge. */
record OnlyType(String challengeType, ChallengeSolver solver) implements ChallengeSolver {

    @Override
    public boolean canSolve(Challenge challenge, Identifier identifier) {
        return challenge.type().equals(challengeType) && solver.canSolve(challenge, identifier);
    }

    @Override
    public ChallengeGroups groups(List<ChallengeTask> tasks, ChallengeContext context) throws IOException {
        return solver.groups(tasks, context);
    }

    @Override
    public Presented presentTogether(List<ChallengeTask> group, ChallengeContext context) throws IOException {
        return solver.presentTogether(group, context);
    }

    @Override
    public Presented present(ChallengeTask task, ChallengeContext context) throws IOException {
        return solver.present(task, context);
    }

    @Override
    public Presented present(Challenge challenge, Identifier identifier, AccountIdentity account) throws IOException {
        return solver.present(challenge, identifier, account);
    }

    @Override
    public void check(List<Identifier> identifiers) throws IOException {
        solver.check(identifiers);
    }

    @Override
    public String settings() {
        return solver.settings();
    }
}
