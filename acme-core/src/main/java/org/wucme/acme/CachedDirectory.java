package org.wucme.acme;

import java.time.Instant;

/**
 * A CA's directory as a {@link DirectoryCache} keeps it. Immutable.
 *
 * @param document the JSON document, exactly as the CA sent it (RFC 8555 section 7.1.1)
 * @param fetchedAt when the CA sent it, on this machine's clock
 * @param expiresAt from when on it is fetched again, by the client's own limit and what the CA says of caching it
 */
public record CachedDirectory(String document, Instant fetchedAt, Instant expiresAt) {}
