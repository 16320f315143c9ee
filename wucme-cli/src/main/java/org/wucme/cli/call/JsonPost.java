package org.wucme.cli.call;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import okhttp3.Credentials;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.wucme.cli.ThisMachine;

/** A web server that JSON is posted to, within half a minute. Follows no redirect, which might lead a secret elsewhere. */
public final class JsonPost implements AutoCloseable {

    private static final MediaType JSON = MediaType.get("application/json");
    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int MOST_OF_AN_ANSWER = 200;

    private final HttpUrl url;
    private final OkHttpClient client;

    /**
     * At a URL, by a client that stays the caller's. A user and password in the URL are sent by Basic authentication,
     * in UTF-8 (RFC 7617).
     */
    public JsonPost(HttpUrl url, OkHttpClient client) {
        this(url, client, LIMIT);
    }

    JsonPost(HttpUrl url, OkHttpClient client, Duration limit) {
        this.url = url;
        this.client = client.newBuilder()
                .connectTimeout(CONNECT)
                .callTimeout(limit)
                .followRedirects(false)
                .build();
    }

    /**
     * Reads an http or https URL.
     *
     * @throws IllegalArgumentException if it is none; the message does not show it
     */
    public static HttpUrl parse(String text) {
        HttpUrl url = HttpUrl.parse(text);
        if (url == null) {
            throw new IllegalArgumentException("this is not a URL of the form https://HOST/PATH");
        }
        return url;
    }

    /**
     * Why nothing must be posted to a URL: over plain http, what is posted, and a token in any part of the URL, its path
     * included, could be read on the way. Empty for https, and for this machine.
     */
    public static Optional<String> refusal(HttpUrl url) {
        return url.isHttps() || ThisMachine.isMeantBy(url.host())
                ? Optional.empty()
                : Optional.of("its path, which may be a token, and all that is posted would be sent to " + url.host()
                        + " unencrypted; use https:// instead of http://, which is for this machine alone");
    }

    /**
     * What the server said.
     *
     * @param code the HTTP status
     * @param text status and the beginning of the body
     */
    public record Answer(int code, String text) {

        /** Whether it took what was posted: any 2xx. */
        public boolean isSuccess() {
            return code / 100 == 2;
        }
    }

    /**
     * Posts once.
     *
     * @throws IOException if there was no answer; the message names the server
     */
    public Answer send(JsonNode json) throws IOException {
        Request.Builder request = new Request.Builder()
                .url(url)
                .header("User-Agent", "wucme")
                .post(RequestBody.create(json.toString(), JSON));
        if (!url.username().isEmpty() || !url.password().isEmpty()) {
            request.header("Authorization", Credentials.basic(url.username(), url.password(), StandardCharsets.UTF_8));
        }
        try (Response response = client.newCall(request.build()).execute()) {
            String body = response.peekBody(MOST_OF_AN_ANSWER).string();
            return new Answer(response.code(), ("HTTP " + response.code() + " " + body.strip()).strip());
        } catch (IOException e) {
            throw new IOException(server() + ": " + e.getMessage(), e);
        }
    }

    /** Host and port: the path is often a secret. */
    public String server() {
        return url.host() + ":" + url.port();
    }

    @Override
    public void close() {
        client.connectionPool().evictAll();
    }

    @Override
    public String toString() {
        return "JsonPost[" + server() + "]";
    }
}
