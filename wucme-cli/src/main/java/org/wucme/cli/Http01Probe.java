package org.wucme.cli;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.function.Consumer;
import org.wucme.acme.challenge.AccountIdentity;
import org.wucme.acme.challenge.ChallengeSolver;
import org.wucme.acme.challenge.ChallengeStatus;
import org.wucme.acme.challenge.Http01;
import org.wucme.acme.challenge.Presented;
import org.wucme.challenges.ListenException;

/** Presents a token as for an http-01 challenge, and fetches it as a CA does. */
final class Http01Probe {

    static final int CA_PORT = 80;

    private static final int TIMEOUT_MILLIS = 10_000;
    private static final int ENOUGH_BYTES = 1024;

    private final ChallengeSolver solver;
    private final Consumer<String> out;

    /**
     * With what answers.
     *
     * @param out is told what was found
     */
    Http01Probe(ChallengeSolver solver, Consumer<String> out) {
        this.solver = solver;
        this.out = out;
    }

    /**
     * Whether the token comes back from a host.
     *
     * @throws IOException if the solver cannot present it
     */
    boolean isReachable(HostPort host) throws IOException {
        Http01 challenge = new Http01("about:blank", randomToken(), ChallengeStatus.PENDING, null);
        AccountIdentity nobody = new AccountIdentity("about:blank", randomToken());
        String url = "http://" + host.urlHost() + challenge.path();
        try (Presented presented = solver.present(challenge, host.identifier(), nobody)) {
            String body = fetch(url);
            boolean reachable =
                    body.strip().equals(challenge.keyAuthorization(nobody).value());
            out.accept(host.identifier()
                    + (reachable
                            ? ": reachable, the token came back"
                            : ": something else answers at " + url + ", not this responder"));
            return reachable;
        } catch (UnknownHostException e) {
            out.accept(host.identifier() + ": the name does not resolve here");
        } catch (ListenException e) {
            throw e;
        } catch (IOException e) {
            out.accept(host.identifier() + ": " + url + " cannot be fetched: " + e.getMessage()
                    + " (some routers do not let a host reach its own public address; try from elsewhere)");
        }
        return false;
    }

    private static String fetch(String url) throws IOException {
        HttpURLConnection connection =
                (HttpURLConnection) URI.create(url).toURL().openConnection(Proxy.NO_PROXY);
        connection.setConnectTimeout(TIMEOUT_MILLIS);
        connection.setReadTimeout(TIMEOUT_MILLIS);
        InputStream found =
                connection.getResponseCode() < 400 ? connection.getInputStream() : connection.getErrorStream();
        if (found == null) {
            return "";
        }
        try (found) {
            return new String(found.readNBytes(ENOUGH_BYTES), StandardCharsets.UTF_8);
        } finally {
            connection.disconnect();
        }
    }

    private static String randomToken() {
        byte[] bytes = new byte[24];
        new SecureRandom().nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
