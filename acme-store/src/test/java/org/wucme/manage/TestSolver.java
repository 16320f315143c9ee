package org.wucme.manage;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.wucme.acme.Identifier;
import org.wucme.acme.challenge.AccountIdentity;
import org.wucme.acme.challenge.Challenge;
import org.wucme.acme.challenge.ChallengeSolver;
import org.wucme.acme.challenge.Presented;

/** Says yes to every challenge of one type and shows nothing: for a CA that takes it for met without a look. */
final class TestSolver implements ChallengeSolver {

    private final String type;
    private final List<Challenge> presented = new CopyOnWriteArrayList<>();
    private volatile Action before = () -> {};
    private volatile Action check = () -> {};
    private volatile String settings = "";

    TestSolver(String type) {
        this.type = type;
    }

    interface Action {
        void run() throws IOException;
    }

    /** What happens at each challenge from now on. */
    void before(Action action) {
        before = action;
    }

    /** What happens at each check from now on. */
    void check(Action action) {
        check = action;
    }

    void settings(String now) {
        settings = now;
    }

    @Override
    public void check(List<Identifier> identifiers) throws IOException {
        check.run();
    }

    @Override
    public String settings() {
        return settings;
    }

    List<Challenge> presented() {
        return presented;
    }

    @Override
    public boolean canSolve(Challenge challenge, Identifier identifier) {
        return challenge.type().equals(type);
    }

    @Override
    public Presented present(Challenge challenge, Identifier identifier, AccountIdentity account) throws IOException {
        before.run();
        presented.add(challenge);
        return () -> {};
    }
}
