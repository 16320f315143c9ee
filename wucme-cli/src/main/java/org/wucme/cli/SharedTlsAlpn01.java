package org.wucme.cli;

import java.io.IOException;
import java.util.List;
import org.wucme.acme.Identifier;
import org.wucme.acme.challenge.AccountIdentity;
import org.wucme.acme.challenge.Challenge;
import org.wucme.acme.challenge.ChallengeContext;
import org.wucme.acme.challenge.ChallengeSolver;
import org.wucme.acme.challenge.ChallengeTask;
import org.wucme.acme.challenge.Presented;
import org.wucme.challenges.ListenException;
import org.wucme.challenges.tlsalpn.TlsAlpn01Server;

/**
 * Answers tls-alpn-01 on a port while it is needed; says so if the agent of the folder has that port.
 *
 * @param server what answers
 * @param owner tells whether it is the agent
 */
record OwnedTlsAlpn01(TlsAlpn01Server server, PortOwner owner) implements ChallengeSolver, AutoCloseable {

    private static final String ADVICE =
            "use --challenge http-01, which it can answer for this command (WUCME_LISTEN=http-01,tls-alpn-01), or give"
                    + " another port";

    @Override
    public boolean canSolve(Challenge challenge, Identifier identifier) {
        return server.canSolve(challenge, identifier);
    }

    @Override
    public void check(List<Identifier> identifiers) throws IOException {
        try {
            server.check(identifiers);
        } catch (ListenException e) {
            throw owner.explain(e, ADVICE);
        }
    }

    @Override
    public String settings() {
        return server.settings();
    }

    @Override
    public Presented present(Challenge challenge, Identifier identifier, AccountIdentity account) throws IOException {
        try {
            return server.present(challenge, identifier, account);
        } catch (ListenException e) {
            throw owner.explain(e, ADVICE);
        }
    }

    @Override
    public Presented present(ChallengeTask task, ChallengeContext context) throws IOException {
        try {
            return server.present(task, context);
        } catch (ListenException e) {
            throw owner.explain(e, ADVICE);
        }
    }

    @Override
    public void close() {
        server.close();
    }
}
