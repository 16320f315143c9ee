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
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.wucme.acme.challenge.AccountIdentity;
import org.wucme.acme.challenge.ChallengeSolver;
import org.wucme.acme.challenge.ChallengeStatus;
import org.wucme.acme.challenge.Http01;
import org.wucme.acme.challenge.Presented;
import org.wucme.challenges.ListenException;
import org.wucme.challenges.http.Http01Server;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "http01",
        description = {
            "With hosts: presents a token as for a challenge, and fetches it from each of them.",
            "Without: answers on the port until interrupted, so that it can be fetched from elsewhere:",
            "  curl http://HOST/.well-known/acme-challenge/",
            "  Challenge received but no such token."
        })
final class CheckHttp01Command extends WucmeCommand {

    private static final int CA_PORT = 80;
    private static final int TIMEOUT_MILLIS = 10_000;
    private static final int ENOUGH_BYTES = 1024;

    @Parameters(paramLabel = "HOST[:PORT]", arity = "0..*", description = "What to fetch from; port 80, as CAs do.")
    List<String> hosts = List.of();

    @Option(names = "--seconds", paramLabel = "N", description = "Without hosts: answers for so long only.")
    @Nullable
    Integer seconds;

    @Mixin
    final ChallengeOptions challenges = new ChallengeOptions();

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (hosts.isEmpty()) {
            return serve();
        }
        boolean allReachable = true;
        for (String host : hosts) {
            allReachable &= isReachable(HostPort.parse(host, CA_PORT));
        }
        return allReachable ? ExitCode.DONE : ExitCode.FAILED;
    }

    private int serve() throws IOException, InterruptedException {
        try (Http01Server server = challenges.openHttp()) {
            out().println("Answering on port " + server.port()
                    + "; from elsewhere: curl http://HOST/.well-known/acme-challenge/ (Ctrl-C ends this)");
            CountDownLatch never = new CountDownLatch(1);
            Integer limit = seconds;
            if (limit == null) {
                never.await();
            } else {
                never.await(limit, TimeUnit.SECONDS);
            }
        }
        return ExitCode.DONE;
    }

    private boolean isReachable(HostPort host) throws IOException {
        Http01 challenge = new Http01("about:blank", randomToken(), ChallengeStatus.PENDING, null);
        AccountIdentity nobody = new AccountIdentity("about:blank", randomToken());
        String url = "http://" + host.urlHost() + challenge.path();
        ChallengeSolver solver = challenges.httpSolver();
        try (Presented presented = solver.present(challenge, host.identifier(), nobody)) {
            String body = fetch(url);
            boolean reachable =
                    body.strip().equals(challenge.keyAuthorization(nobody).value());
            out().println(host.identifier()
                    + (reachable
                            ? ": reachable, the token came back"
                            : ": something else answers at " + url + ", not this responder"));
            return reachable;
        } catch (UnknownHostException e) {
            out().println(host.identifier() + ": the name does not resolve here");
        } catch (ListenException e) {
            throw e;
        } catch (IOException e) {
            out().println(host.identifier() + ": " + url + " cannot be fetched: " + e.getMessage()
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
