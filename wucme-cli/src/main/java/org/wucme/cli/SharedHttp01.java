package org.wucme.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import okhttp3.HttpUrl;
import org.wucme.acme.Identifier;
import org.wucme.acme.challenge.AccountIdentity;
import org.wucme.acme.challenge.Challenge;
import org.wucme.acme.challenge.ChallengeContext;
import org.wucme.acme.challenge.ChallengeSolver;
import org.wucme.acme.challenge.ChallengeTask;
import org.wucme.acme.challenge.Http01;
import org.wucme.acme.challenge.Presented;
import org.wucme.challenges.ListenException;
import org.wucme.challenges.http.Http01Server;
import org.wucme.challenges.http.Webroot;
import org.wucme.cli.doctor.Http01Check;

/**
 * Answers http-01 on a port; where the agent of the same store keeps that port, by the agent, which looks into a folder for
 * what others want to be answered.
 */
final class SharedHttp01 implements ChallengeSolver {

    private final Http01Server server;
    private final Path folder;
    private final InetSocketAddress address;
    private final PortOwner owner;

    /**
     * By a server that listens while it is needed.
     *
     * @param folder where an agent that has the port looks
     * @param address where it listens
     * @param owner tells whether it is that agent who has the port
     */
    SharedHttp01(Http01Server server, Path folder, InetSocketAddress address, PortOwner owner) {
        this.server = server;
        this.folder = folder;
        this.address = address;
        this.owner = owner;
    }

    @Override
    public boolean canSolve(Challenge challenge, Identifier identifier) {
        return server.canSolve(challenge, identifier);
    }

    @Override
    public Presented present(Challenge challenge, Identifier identifier, AccountIdentity account) throws IOException {
        try {
            return server.present(challenge, identifier, account);
        } catch (ListenException e) {
            return presentByAgent((Http01) challenge, identifier, account, e);
        }
    }

    @Override
    public Presented present(ChallengeTask task, ChallengeContext context) throws IOException {
        try {
            return server.present(task, context);
        } catch (ListenException e) {
            return presentByAgent((Http01) task.challenge(), task.identifier(), task.account(), e);
        }
    }

    /**
     * {@inheritDoc}
     *
     * @throws ListenException why the port cannot be had
     * @throws IOException if another program has it, and the folder cannot be written
     */
    @Override
    public void check(List<Identifier> identifiers) throws IOException {
        try {
            server.check(identifiers);
        } catch (ListenException e) {
            presentByAgent(Http01Check.sample(), identifiers.get(0), Http01Check.sampleAccount(), e)
                    .close();
        }
    }

    @Override
    public String settings() {
        return server.settings();
    }

    // It may be any other program that has the port: asking is the only way to know.
    private Presented presentByAgent(
            Http01 challenge, Identifier identifier, AccountIdentity account, ListenException refusal)
            throws IOException {
        if (refusal.reason() != ListenException.Reason.PORT_IN_USE || !Files.isDirectory(folder)) {
            throw explained(refusal);
        }
        Presented presented = new Webroot(folder).present(challenge, identifier, account);
        if (isAnswered(challenge, account)) {
            return presented;
        }
        presented.close();
        throw explained(refusal);
    }

    private ListenException explained(ListenException refusal) {
        return owner.explain(
                refusal, "have it answer http-01 for this command too (WUCME_LISTEN=http-01), or give another port");
    }

    private boolean isAnswered(Http01 challenge, AccountIdentity account) {
        InetAddress host =
                address.getAddress().isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : address.getAddress();
        HttpUrl url = Http01Check.challengeUrl(host.getHostAddress(), address.getPort(), challenge);
        try {
            return Http01Check.isAnswered(url, challenge.keyAuthorization(account));
        } catch (IOException e) {
            return false;
        }
    }
}
