package org.wucme.testing.ca;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import okhttp3.ConnectionSpec;
import okhttp3.OkHttpClient;
import okhttp3.Response;

/** The http-01 challenge (RFC 8555 section 8.3), asked of the loopback interface whatever the name. */
final class Http01Check {
    private static final int BODY_LIMIT = 4096;

    /** Made when it is first used: a CA in process starts a thousand times a second. */
    private static final class Lazy {
        static final OkHttpClient CLIENT = new OkHttpClient.Builder()
                // Without TLS there is no trust store to read, which would take longer than all the rest of a start.
                .connectionSpecs(List.of(ConnectionSpec.CLEARTEXT))
                .callTimeout(Duration.ofSeconds(5))
                .followRedirects(false)
                .retryOnConnectionFailure(false)
                .build();
    }

    void check(int port, String token, Identifier identifier, String keyAuthorization) {
        if (port == 0) {
            throw new Problem(400, "connection", "TestCa was not told where to validate http-01");
        }
        String host = identifier.isIpv6() ? "[" + identifier.value() + "]" : identifier.value();
        okhttp3.Request request = new okhttp3.Request.Builder()
                .url("http://127.0.0.1:" + port + "/.well-known/acme-challenge/" + token)
                .header("Host", host)
                .header("User-Agent", "TestCa")
                .header("Connection", "close")
                .build();
        try (Response response = Lazy.CLIENT.newCall(request).execute()) {
            if (response.code() != 200) {
                throw new Problem(403, "unauthorized", "http-01 for " + host + " answered status " + response.code());
            }
            String body = new String(response.peekBody(BODY_LIMIT).bytes(), StandardCharsets.UTF_8);
            if (!body.stripTrailing().equals(keyAuthorization)) {
                throw new Problem(403, "incorrectResponse", "http-01 for " + host + " answered something else");
            }
        } catch (IOException e) {
            throw new Problem(400, "connection", "http-01 for " + host + ": " + e);
        }
    }
}
