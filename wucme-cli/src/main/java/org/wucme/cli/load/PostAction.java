package org.wucme.cli.load;

import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wucme.acme.internal.text.OneLine;
import org.wucme.cli.call.JsonPost;
import org.wucme.manage.Deployment;
import org.wucme.store.StoredCertificate;

/** Tells a web server, which may then fetch the certificate, or have another one fetch it. */
final class PostAction implements Deployment {

    private static final Logger LOG = LoggerFactory.getLogger(PostAction.class);

    private final JsonPost post;
    private final LoadEvent event;

    PostAction(JsonPost post, LoadEvent event) {
        this.post = post;
        this.event = event;
    }

    @Override
    public void deploy(StoredCertificate certificate) throws IOException {
        JsonPost.Answer answer = post.send(Facts.of(certificate, event).json());
        String said = post.server() + ": " + OneLine.of(answer.text());
        if (!answer.isSuccess()) {
            throw new IOException(said);
        }
        LOG.info("{}", said);
    }
}
