package org.wucme.cli.doctor;

import java.io.IOException;
import java.net.Proxy;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;
import org.wucme.acme.Identifier;
import org.wucme.acme.challenge.AccountIdentity;
import org.wucme.acme.challenge.ChallengeSolver;
import org.wucme.acme.challenge.ChallengeStatus;
import org.wucme.acme.challenge.Http01;
import org.wucme.acme.challenge.KeyAuthorization;
import org.wucme.acme.challenge.Presented;
import org.wucme.acme.internal.jca.Jca;
import org.wucme.challenges.ListenException;

/** Presents a token as for an http-01 challenge (RFC 8555 section 8.3), and fetches it as a CA does. */
public final class Http01Check {

    private static final String HTTP_01 = "http-01";
    private static final int CA_PORT = 80;
    private static final Set<Integer> CA_PORTS = Set.of(CA_PORT, 443);
    private static final int MOST_REDIRECTS = 10;
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final long ENOUGH_BYTES = 1024;

    private final ChallengeSolver solver;

    /** By what answers the challenges. */
    public Http01Check(ChallengeSolver solver) {
        this.solver = solver;
    }

    /**
     * Whether the token comes back from a host.
     *
     * @param port where to ask; CAs ask 80
     * @throws ListenException if the challenge cannot be answered here at all
     */
    public Finding examine(Identifier host, int port) throws IOException {
        Http01 challenge = sample();
        AccountIdentity account = sampleAccount();
        HttpUrl url = challengeUrl(host.value(), port, challenge);
        OkHttpClient client = client();
        try (Presented presented = solver.present(challenge, host, account)) {
            return judge(
                    host,
                    fetch(url, client),
                    challenge.keyAuthorization(account).value());
        } catch (ListenException e) {
            throw e;
        } catch (UnknownHostException e) {
            return Finding.problem(HTTP_01, host + ": the name does not resolve here");
        } catch (IOException e) {
            return Finding.problem(
                    HTTP_01,
                    host + ": " + url(url) + " cannot be fetched: " + e.getMessage()
                            + " (some routers do not let a host reach its own public address; try from elsewhere)");
        } finally {
            client.connectionPool().evictAll();
        }
    }

    /** Where a challenge is asked for (RFC 8555 section 8.3): at a name, or an address, without brackets. */
    public static HttpUrl challengeUrl(String host, int port, Http01 challenge) {
        return new HttpUrl.Builder()
                .scheme("http")
                .host(host)
                .port(port)
                .encodedPath(challenge.path())
                .build();
    }

    /**
     * Whether a URL gives this answer.
     *
     * @throws IOException if it gives none at all
     */
    public static boolean isAnswered(HttpUrl url, KeyAuthorization answer) throws IOException {
        OkHttpClient client = client();
        try {
            return fetch(url, client).body().strip().equals(answer.value());
        } finally {
            client.connectionPool().evictAll();
        }
    }

    /**
     * What came back.
     *
     * @param way each URL that was asked, the last being the one that answered
     */
    private record Answer(List<HttpUrl> way, int status, String body) {

        private HttpUrl last() {
            return way.get(way.size() - 1);
        }
    }

    private static Finding judge(Identifier host, Answer answer, String expected) {
        boolean isRedirected = answer.way().size() > 1;
        if (!answer.body().strip().equals(expected)) {
            return Finding.problem(
                    HTTP_01,
                    host + ": something else answers at " + url(answer.last()) + " (" + answer.status()
                            + "), not this responder");
        }
        if (isRedirected && answer.way().stream().anyMatch(url -> !CA_PORTS.contains(url.port()))) {
            return Finding.warning(
                    HTTP_01,
                    host + ": reachable, the token came back from " + url(answer.last())
                            + ", but CAs follow redirects to the ports 80 and 443 only");
        }
        return Finding.ok(
                HTTP_01,
                host + ": reachable, the token came back" + (isRedirected ? " from " + url(answer.last()) : ""));
    }

    // HttpUrl leaves out the usual port, which is what this is about.
    private static String url(HttpUrl url) {
        String host = url.host().contains(":") ? "[" + url.host() + "]" : url.host();
        return url.scheme() + "://" + host + ":" + url.port() + url.encodedPath();
    }

    private static Answer fetch(HttpUrl first, OkHttpClient client) throws IOException {
        List<HttpUrl> way = new ArrayList<>(List.of(first));
        while (true) {
            HttpUrl url = way.get(way.size() - 1);
            try (Response response =
                    client.newCall(new Request.Builder().url(url).build()).execute()) {
                HttpUrl next = response.isRedirect() ? target(url, response) : null;
                if (next == null) {
                    return new Answer(
                            way,
                            response.code(),
                            response.peekBody(ENOUGH_BYTES).string());
                }
                way.add(next);
            }
            if (way.size() > MOST_REDIRECTS) {
                throw new IOException("it redirects more than " + MOST_REDIRECTS + " times");
            }
        }
    }

    private static @Nullable HttpUrl target(HttpUrl from, Response response) throws IOException {
        String location = response.header("Location");
        HttpUrl target = location == null ? null : from.resolve(location);
        if (location != null && target == null) {
            throw new IOException("it redirects to what is no http or https URL");
        }
        return target;
    }

    // Not by a proxy, and to any certificate: CAs do the same.
    private static OkHttpClient client() {
        AnyCertificate any = new AnyCertificate();
        return new OkHttpClient.Builder()
                .proxy(Proxy.NO_PROXY)
                .followRedirects(false)
                .callTimeout(TIMEOUT)
                .sslSocketFactory(any.context().getSocketFactory(), any)
                .hostnameVerifier((name, session) -> true)
                .build();
    }

    /** A challenge of no CA. */
    public static Http01 sample() {
        return new Http01("about:blank", randomToken(), ChallengeStatus.PENDING, null);
    }

    /** An account at no CA. */
    public static AccountIdentity sampleAccount() {
        return new AccountIdentity("about:blank", randomToken());
    }

    private static String randomToken() {
        byte[] bytes = new byte[24];
        Jca.random().nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
