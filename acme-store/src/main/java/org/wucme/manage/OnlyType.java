package org.wucme.manage;

import java.io.IOException;
import org.wucme.acme.Identifier;
import org.wucme.acme.challenge.AccountIdentity;
import org.wucme.acme.challenge.Challenge;
import org.wucme.acme.challenge.ChallengeSolver;
import org.wucme.acme.challenge.Presented;

/** A solver held to the one type of challenge that a certificate's record names. */
record OnlyType(String challengeType, ChallengeSolver solver) implements ChallengeSolver {

    @Override
    public boolean canSolve(Challenge challenge, Identifier identifier) {
        return challenge.type().equals(challengeType) && solver.canSolve(challenge, identifier);
    }

    @Override
    public Presented present(Challenge challenge, Identifier identifier, AccountIdentity account) throws IOException {
        return solver.present(challenge, identifier, account);
    }
}
