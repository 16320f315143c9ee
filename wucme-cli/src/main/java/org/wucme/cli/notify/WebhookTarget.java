package org.wucme.cli.notify;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Locale;
import org.wucme.cli.call.JsonPost;

/** A web server that takes a notice as JSON, by POST. Any 2xx is success. */
final class WebhookTarget implements Target {

    private static final int REQUEST_TIMEOUT = 408;
    private static final int TOO_EARLY = 425;
    private static final int TOO_MANY_REQUESTS = 429;

    private final JsonPost post;

    WebhookTarget(JsonPost post) {
        this.post = post;
    }

    @Override
    public String send(Notice notice) throws IOException {
        JsonPost.Answer answer = post.send(json(notice));
        if (answer.isSuccess()) {
            return answer.text();
        }
        throw isPermanent(answer.code()) ? new RefusedException(answer.text(), null) : new IOException(answer.text());
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

    @Override
    public void close() {
        post.close();
    }

    @Override
    public String toString() {
        return "the webhook at " + post.server();
    }
}
