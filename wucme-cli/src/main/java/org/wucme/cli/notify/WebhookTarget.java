package org.wucme.cli.notify;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import okhttp3.Credentials;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/** A web server that takes a notice as JSON, by POST. Any 2xx is success. */
final class WebhookTarget implements Target {

    private static final MediaType JSON = MediaType.get("application/json");
    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int MOST_OF_AN_ANSWER = 200;
    private static final int REQUEST_TIMEOUT = 408;
    private static final int TOO_EARLY = 425;
    private static final int TOO_MANY_REQUESTS = 429;

    private final HttpUrl url;
    private final OkHttpClient client;

    WebhookTarget(HttpUrl url, OkHttpClient client) {
        this.url = url;
        this.client = client.newBuilder()
                .connectTimeout(CONNECT)
                .callTimeout(LIMIT)
                .followRedirects(false)
                .build();
    }

    /**
     * Reads an http or https URL. A user and password in it are sent by Basic authentication.
     *
     * @throws IllegalArgumentException if it is none; the message does not show it
     */
    static HttpUrl parse(String text) {
        HttpUrl url = HttpUrl.parse(text);
        if (url == null) {
            throw new IllegalArgumentException("the webhook is not a URL of the form https://HOST/PATH");
        }
        return url;
    }

    @Override
    public String send(Notice notice) throws IOException {
        Request.Builder request = new Request.Builder()
                .url(url)
                .header("User-Agent", "wucme")
                .post(RequestBody.create(json(notice).toString(), JSON));
        if (!url.username().isEmpty()) {
            request.header("Authorization", Credentials.basic(url.username(), url.password()));
        }
        try (Response response = client.newCall(request.build()).execute()) {
            return judge(response);
        }
    }

    private String judge(Response response) throws IOException {
        String said = "HTTP " + response.code() + " "
                + response.peekBody(MOST_OF_AN_ANSWER).string().strip();
        if (response.isSuccessful()) {
            return said.strip();
        }
        if (isPermanent(response.code())) {
            throw new RefusedException(said.strip(), null);
        }
        throw new IOException(said.strip());
    }

    private static boolean isPermanent(int code) {
        return code / 100 == 4 && code != REQUEST_TIMEOUT && code != TOO_EARLY && code != TOO_MANY_REQUESTS;
    }

    static ObjectNode json(Notice notice) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("event", notice.event().word());
        json.put("severity", notice.severity().name().toLowerCase(Locale.ROOT));
        json.put("certificate", notice.certificate());
        notice.names().forEach(json.putArray("names")::add);
        notice.files().forEach(json.putArray("files")::add);
        json.put("subject", notice.subject());
        json.put("text", notice.text());
        json.put("time", notice.time().toString());
        json.put("host", notice.host());
        return json;
    }

    // The path is often a secret.
    private String server() {
        return url.host() + ":" + url.port();
    }

    @Override
    public void close() {
        client.connectionPool().evictAll();
    }

    @Override
    public String toString() {
        return "the webhook at " + server();
    }
}
