package org.wucme.cli;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URL;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wucme.acme.Identifier;
import org.wucme.acme.challenge.AccountIdentity;
import org.wucme.acme.challenge.Challenge;
import org.wucme.acme.challenge.ChallengeSolver;
import org.wucme.acme.challenge.Http01;
import org.wucme.acme.challenge.Presented;
import org.wucme.challenges.ListenException;
import org.wucme.challenges.http.Http01Server;
import org.wucme.challenges.http.Webroot;

/**
 * Answers http-01 on a port; where the agent of the same store keeps that port, by the agent, which looks into a folder for
 * what others want to be answered.
 */
final class SharedHttp01 implements ChallengeSolver {

    private static final Logger LOG = LoggerFactory.getLogger(SharedHttp01.class);
    private static final int TIMEOUT_MILLIS = 2_000;

    private final Http01Server server;
    private final Path folder;
    private final InetSocketAddress address;

    /**
     * By a server that listens while it is needed.
     *
     * @param folder where an agent that has the port looks
     * @param address where it listens
     */
    SharedHttp01(Http01Server server, Path folder, InetSocketAddress address) {
        this.server = server;
        this.folder = folder;
        this.address = address;
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
            if (e.reason() == ListenException.Reason.PORT_IN_USE && Files.isDirectory(folder)) {
                return presentByAgent((Http01) challenge, identifier, account, e);
            }
            throw e;
        }
    }

    // It may be any other program that has the port: asking is the only way to know.
    private Presented presentByAgent(
            Http01 challenge, Identifier identifier, AccountIdentity account, ListenException refusal)
            throws IOException {
        Presented presented = new Webroot(folder).present(challenge, identifier, account);
        if (isAnswered(challenge, account)) {
            return presented;
        }
        presented.close();
        throw refusal;
    }

    private boolean isAnswered(Http01 challenge, AccountIdentity account) {
        try {
            URL url = new URL("http", host(), address.getPort(), challenge.path());
            URLConnection connection = url.openConnection(Proxy.NO_PROXY);
            connection.setConnectTimeout(TIMEOUT_MILLIS);
            connection.setReadTimeout(TIMEOUT_MILLIS);
            byte[] expected = challenge.keyAuthorization(account).value().getBytes(StandardCharsets.US_ASCII);
            try (InputStream body = connection.getInputStream()) {
                return Arrays.equals(body.readNBytes(expected.length + 1), expected);
            }
        } catch (IOException e) {
            LOG.debug("whoever has the port does not answer", e);
            return false;
        }
    }

    private String host() {
        InetAddress given = address.getAddress();
        return (given.isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : given).getHostAddress();
    }
}
