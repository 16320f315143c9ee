package org.wucme.examples.servers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.apache.catalina.startup.Tomcat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.wucme.acme.Identifier;
import org.wucme.acme.challenge.AccountIdentity;
import org.wucme.acme.challenge.ChallengeStatus;
import org.wucme.acme.challenge.Http01;
import org.wucme.challenges.http.Http01Responder;
import org.wucme.challenges.tlsalpn.TlsAlpn01KeyManager;
import org.wucme.challenges.tlsalpn.TlsAlpn01Responder;

/** What a servlet container with the filter answers on its plain port. */
class Http01FilterTest {

    private static final String TOKEN = "evaGxfADs6pSRb2LAv9IZf17Dt3juxGJ-PCt92wr-oA";
    private static final String PATH = Http01.PATH_PREFIX + TOKEN;
    private static final String GREETING = "200 text/plain;charset=ISO-8859-1  Hello.\n";
    private static final AccountIdentity ACCOUNT = new AccountIdentity("https://ca.example/account/1", "thumbprint");

    @Test
    void aTokenThatIsPresentedIsAnsweredToGetAndHead() throws Exception {
        Http01Responder responder = presenting(new Http01Responder());

        assertThat(ask(responder, "GET", PATH))
                .isEqualTo("200 application/octet-stream no-store " + TOKEN + ".thumbprint");
        assertThat(ask(responder, "HEAD", PATH)).isEqualTo("200 application/octet-stream no-store ");
    }

    @ParameterizedTest
    @CsvSource({"POST," + PATH, "PUT," + PATH, "GET,/", "GET,/.well-known/", "GET,/app" + PATH})
    void whatIsNoChallengeGoesToTheApplication(String method, String path) throws Exception {
        assertThat(ask(presenting(new Http01Responder()), method, path)).isEqualTo(GREETING);
    }

    @Test
    void aTokenThatIsNotPresentedIsNotFound() throws Exception {
        assertThat(ask(new Http01Responder(), "GET", PATH))
                .isEqualTo("404 text/plain no-store " + Http01Responder.NO_SUCH_TOKEN.body());
    }

    @Test
    void aTokenThatAnotherClientMayKnowGoesToTheApplication() throws Exception {
        Http01Responder responder = presenting(Http01Responder.passingUnknownTokens());

        assertThat(ask(responder, "GET", PATH + "x")).isEqualTo(GREETING);
    }

    private static Http01Responder presenting(Http01Responder responder) {
        Http01 challenge = new Http01("https://ca.example/challenge/1", TOKEN, ChallengeStatus.PENDING, null);
        responder.present(challenge, Identifier.dns(Scene.NAME), ACCOUNT);
        return responder;
    }

    private static String ask(Http01Responder responder, String method, String path) throws Exception {
        Tomcat server = TomcatServer.create(
                new TlsAlpn01KeyManager(new TlsAlpn01Responder()), responder, Authority.loopback(0, 0));
        try {
            server.start();
            String url = "http://127.0.0.1:" + server.getConnector().getLocalPort() + path;
            return ask(new Request.Builder()
                    .url(url)
                    .method(method, method.startsWith("P") ? RequestBody.create(new byte[0]) : null)
                    .build());
        } finally {
            server.stop();
            server.destroy();
        }
    }

    private static String ask(Request request) throws IOException {
        OkHttpClient http = new OkHttpClient();
        try (Response response = http.newCall(request).execute()) {
            return response.code() + " " + response.header("Content-Type") + " " + response.header("Cache-Control", "")
                    + " " + response.body().string();
        } finally {
            http.connectionPool().evictAll();
        }
    }
}
