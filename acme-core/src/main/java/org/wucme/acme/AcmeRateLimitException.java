package org.wucme.acme;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The CA wants fewer requests (RFC 8555 section 6.6): wait until {@link #retryAt()}, which may be days away. The
 * advice is {@link Advice#WAIT}.
 */
public final class AcmeRateLimitException extends AcmeProblemException {

    private final List<String> help;

    /** With the CA's problem document and the pages ({@code Link rel="help"}) that explain the limit. */
    public AcmeRateLimitException(String doing, Problem problem, @Nullable Instant retryAt, List<String> help) {
        super(problem, retryAt, Advice.WAIT, said(doing, problem));
        this.help = List.copyOf(help);
    }

    /** URLs that explain the limit. */
    public List<String> help() {
        return help;
    }
}
