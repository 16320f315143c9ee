package org.wucme.acme;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wucme.acme.internal.http.AcmeTransport;
import org.wucme.acme.internal.http.Freshness;
import org.wucme.acme.internal.http.HttpReply;
import org.wucme.acme.internal.json.Json;
import org.wucme.acme.internal.json.Oddities;
import org.wucme.acme.internal.json.Resources;
import org.wucme.acme.internal.text.Trace;

/**
 * Where a client has the directory of its CA from: the CA itself, or a cache that an earlier run filled. What goes wrong with
 * the cache is never an error. Thread-safe.
 */
final class DirectorySource implements DirectoryCopy.Source {

    private static final Logger LOG = LoggerFactory.getLogger(DirectorySource.class);

    private final Ca ca;
    private final AcmeTransport transport;
    private final Oddities oddities;
    private final Clock clock;
    private final Duration maxAge;
    private volatile @Nullable DirectoryCache cache;

    /**
     * A source that keeps nothing before it is given a cache.
     *
     * @param maxAge how old a directory from the cache may be, whatever the CA says
     */
    DirectorySource(Ca ca, AcmeTransport transport, Oddities oddities, Clock clock, Duration maxAge) {
        this.ca = ca;
        this.transport = transport;
        this.oddities = oddities;
        this.clock = clock;
        this.maxAge = maxAge;
    }

    void keepIn(DirectoryCache where) {
        this.cache = where;
    }

    void keepInUnlessTold(DirectoryCache where) {
        if (cache == null) {
            keepIn(where);
        }
    }

    @Override
    public Directory fetch() throws IOException {
        Instant asked = clock.instant();
        try {
            HttpReply reply = transport.get("fetching directory at " + ca.directoryUrl(), ca.directoryUrl());
            Directory directory = Resources.directory(reply.json("the directory", oddities));
            save(reply, asked);
            return directory.correctedFor(ca);
        } catch (AcmeProblemException e) {
            throw e.problem().status() == HttpURLConnection.HTTP_NOT_FOUND ? withDoubtAboutUrl(e) : e;
        }
    }

    // A CA is known by one URL, which is easily mistyped.
    private static AcmeProblemException withDoubtAboutUrl(AcmeProblemException e) {
        return new AcmeProblemException(
                e.problem(), null, e.advice(), e.getMessage() + ". Is this the URL of the CA's directory?");
    }

    private void save(HttpReply reply, Instant asked) {
        Duration fresh = Freshness.of(reply, maxAge);
        String document = reply.body().utf8();
        quietly("save", present -> {
            if (fresh.isZero()) {
                present.drop(ca.directoryUrl());
            } else {
                present.save(ca.directoryUrl(), new CachedDirectory(document, asked, asked.plus(fresh)));
            }
            return Optional.empty();
        });
    }

    /** The directory in the cache; empty if there is none, or none that can be read. */
    @Override
    public Optional<DirectoryCopy.Fetched> kept() {
        return quietly("load", present -> present.load(ca.directoryUrl()).map(this::read));
    }

    // The cache is untrusted: its time limit holds within ours, and what it names must be what a CA may name.
    private DirectoryCopy.@Nullable Fetched read(CachedDirectory cached) {
        try {
            String where = "the cached directory of " + ca.directoryUrl();
            byte[] document = cached.document().getBytes(StandardCharsets.UTF_8);
            Directory directory = Resources.directory(Json.parse(document, where));
            Instant latest = cached.fetchedAt().plus(maxAge);
            Instant expires = cached.expiresAt().isBefore(latest) ? cached.expiresAt() : latest;
            return DirectoryCopy.Fetched.before(directory.correctedFor(ca), cached.fetchedAt(), expires);
        } catch (AcmeProtocolException | DateTimeException | ArithmeticException e) {
            LOG.debug("the cached directory of {} is of no use", ca.directoryUrl(), Trace.of(e));
            return null;
        }
    }

    private <T> Optional<T> quietly(String verb, CacheUse<T> use) {
        DirectoryCache present = cache;
        if (present == null) {
            return Optional.empty();
        }
        try {
            return use.of(present);
        } catch (IOException | RuntimeException e) {
            LOG.debug("cannot {} the cached directory of {}", verb, ca.directoryUrl(), Trace.of(e));
            return Optional.empty();
        }
    }

    private interface CacheUse<T> {
        Optional<T> of(DirectoryCache cache) throws IOException;
    }
}
