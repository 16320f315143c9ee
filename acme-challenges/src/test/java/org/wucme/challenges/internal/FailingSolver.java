package org.wucme.challenges.internal;

import java.io.IOException;
import org.wucme.acme.Identifier;
import org.wucme.acme.challenge.AccountIdentity;
import org.wucme.acme.challenge.Challenge;
import org.wucme.acme.challenge.ChallengeSolver;
import org.wucme.acme.challenge.Presented;

/** Presents, but cannot take away what it presented. */
final class FailingSolver implements ChallengeSolver {

    @Override
    public boolean canSolve(Challenge challenge, Identifier identifier) {
        return true;
    }

    @Override
    public Presented present(Challenge challenge, Identifier identifier, AccountIdentity account) {
        return () -> {
            throw new IOException("cannot withdraw");
        };
    }
}
