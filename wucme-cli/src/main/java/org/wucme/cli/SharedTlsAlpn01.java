package org.wucme.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.wucme.acme.Identifier;
import org.wucme.acme.challenge.AccountIdentity;
import org.wucme.acme.challenge.Challenge;
import org.wucme.acme.challenge.ChallengeContext;
import org.wucme.acme.challenge.ChallengeSolver;
import org.wucme.acme.challenge.ChallengeStatus;
import org.wucme.acme.challenge.ChallengeStore;
import org.wucme.acme.challenge.ChallengeTask;
import org.wucme.acme.challenge.PendingAnswer;
import org.wucme.acme.challenge.Presented;
import org.wucme.acme.challenge.TlsAlpn01;
import org.wucme.challenges.ListenException;
import org.wucme.challenges.tlsalpn.TlsAlpn01Server;
import org.wucme.cli.doctor.Http01Check;
import org.wucme.cli.doctor.TlsAlpn01Check;

/**
 * Answers tls-alpn-01 on a port while it is needed; where the agent of the same store keeps that port, by the agent, which finds
 * in the store what others want to be answered.
 *
 * @param server what answers
 * @param address where it listens
 * @param owner tells whether it is that agent who has the port
 * @param stored where that agent looks, to find out before an order whether it answers
 */
record SharedTlsAlpn01(TlsAlpn01Server server, InetSocketAddress address, PortOwner owner, StoredAnswers stored)
        implements ChallengeSolver, AutoCloseable {

    private static final Duration LIFE_OF_SAMPLE = Duration.ofMinutes(1);
    private static final String ADVICE =
            "have it answer tls-alpn-01 for this command too (WUCME_LISTEN=tls-alpn-01), or give another port";

    /** The answers in the folder of the certificates; empty if there is no such folder. */
    interface StoredAnswers {
        Optional<ChallengeStore> open() throws IOException;
    }

    @Override
    public boolean canSolve(Challenge challenge, Identifier identifier) {
        return server.canSolve(challenge, identifier);
    }

    @Override
    public void check(List<Identifier> identifiers) throws IOException {
        try {
            server.check(identifiers);
        } catch (ListenException e) {
            Optional<ChallengeStore> answers = stored.open();
            if (answers.isEmpty()) {
                throw owner.explain(e, ADVICE);
            }
            presentByAgent(sample(), answers.get(), e).close();
        }
    }

    // Of a reserved name: a real answer for one of the identifiers may be there.
    private static PendingAnswer sample() {
        Identifier name = Identifier.dns(UUID.randomUUID() + ".invalid");
        TlsAlpn01 challenge = new TlsAlpn01("about:blank", "check", ChallengeStatus.PENDING, null);
        return PendingAnswer.of(
                challenge, name, Http01Check.sampleAccount(), Instant.now().plus(LIFE_OF_SAMPLE));
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
            PendingAnswer answer =
                    PendingAnswer.of((TlsAlpn01) task.challenge(), task.identifier(), task.account(), task.expires());
            return presentByAgent(answer, context.answers(), e);
        }
    }

    // It may be any other program that has the port: asking is the only way to know.
    private Presented presentByAgent(PendingAnswer answer, ChallengeStore answers, ListenException refusal)
            throws IOException {
        if (refusal.reason() != ListenException.Reason.PORT_IN_USE) {
            throw owner.explain(refusal, ADVICE);
        }
        answers.put(answer);
        Presented presented = () -> answers.remove(answer);
        if (isAnswered(answer)) {
            return presented;
        }
        presented.close();
        throw owner.explain(refusal, ADVICE);
    }

    private boolean isAnswered(PendingAnswer answer) {
        InetAddress host =
                address.getAddress().isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : address.getAddress();
        try {
            return TlsAlpn01Check.isAnswered(
                    new InetSocketAddress(host, address.getPort()), answer.identifier(), answer.keyAuthorization());
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void close() {
        server.close();
    }
}
