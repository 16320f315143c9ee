package org.wucme.acme;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A copy of a CA's directory that one thread fetches anew, for all, once it is too old. While it does, the others go on with
 * the old copy, or wait if there is none. Thread-safe.
 */
final class DirectoryCopy {

    private static final Duration MAX_AGE = Duration.ofHours(12);

    private final Source source;
    private final Clock clock;
    private final AtomicReference<@Nullable CompletableFuture<Directory>> inFlight = new AtomicReference<>();
    private volatile @Nullable Fetched fetched;

    /** Where the directory comes from. */
    interface Source {
        Directory fetch() throws IOException;
    }

    /** A directory, and when the CA sent it. */
    record Fetched(Directory directory, Instant at) {}

    /** A copy that begins with what was fetched before, if anything was. */
    DirectoryCopy(Source source, Clock clock, @Nullable Fetched before) {
        this.source = source;
        this.clock = clock;
        this.fetched = before;
    }

    Directory get() throws IOException {
        while (true) {
            Optional<Directory> fresh = fresh();
            if (fresh.isPresent()) {
                return fresh.get();
            }
            CompletableFuture<Directory> own = new CompletableFuture<>();
            CompletableFuture<Directory> others = inFlight.compareAndExchange(null, own);
            if (others == null) {
                return fetch(own);
            }
            Fetched old = fetched;
            Optional<Directory> theirs = old == null ? await(others) : Optional.of(old.directory);
            if (theirs.isPresent()) {
                return theirs.get();
            }
        }
    }

    private Optional<Directory> fresh() {
        Fetched present = fetched;
        Instant now = clock.instant();
        // One of the future was fetched while the clock was wrong: it would be kept until then.
        return present != null && !present.at.isAfter(now) && now.isBefore(present.at.plus(MAX_AGE))
                ? Optional.of(present.directory)
                : Optional.empty();
    }

    private Directory fetch(CompletableFuture<Directory> own) throws IOException {
        try {
            // Another thread may have done it since this one looked.
            Optional<Directory> fresh = fresh();
            Directory directory = fresh.isPresent() ? fresh.get() : fetchNow();
            own.complete(directory);
            return directory;
        } catch (AcmeException e) {
            own.completeExceptionally(e);
            throw e;
        } finally {
            inFlight.set(null);
            own.cancel(false);
        }
    }

    private Directory fetchNow() throws IOException {
        Instant now = clock.instant();
        Directory directory = source.fetch();
        fetched = new Fetched(directory, now);
        return directory;
    }

    // Empty if the thread that fetched it was interrupted: that is not the business of the others, who try themselves.
    private static Optional<Directory> await(CompletableFuture<Directory> others) throws IOException {
        try {
            return Optional.of(others.get());
        } catch (CancellationException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for the directory");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof AcmeException failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        }
    }
}
