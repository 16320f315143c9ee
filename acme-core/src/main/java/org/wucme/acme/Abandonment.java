package org.wucme.acme;

import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wucme.acme.internal.text.Trace;

/**
 * Gives up the authorizations of an order that nobody will complete (RFC 8555 section 7.5.2): CAs allow an account only so
 * many pending ones. As well as can be done in a short time; whatever goes wrong here is told in the log alone.
 */
final class Abandonment {

    private static final Logger LOG = LoggerFactory.getLogger(Abandonment.class);
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final Fetch<Authorization> deactivation;

    /** What gives up one authorization, by its URL. */
    Abandonment(Fetch<Authorization> deactivation) {
        this.deactivation = deactivation;
    }

    void giveUp(Collection<String> authorizationUrls) {
        try {
            Parallel.forEachWithin(LIMIT, List.copyOf(authorizationUrls), this::deactivate);
        } catch (IOException e) {
            LOG.info("not all authorizations that are left pending could be given up: {}", e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("unexpected error while authorizations that are left pending were given up", Trace.of(e));
        }
    }

    // One that the CA does not give up must not keep the others.
    private void deactivate(String url) throws IOException {
        try {
            Authorization given = deactivation.fetch(url);
            LOG.debug("the authorization at {} is {}", url, given.status());
        } catch (AcmeException e) {
            LOG.info("an authorization stays pending until it expires: {}", e.getMessage());
        }
    }
}
