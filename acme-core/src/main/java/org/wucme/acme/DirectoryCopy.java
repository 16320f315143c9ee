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
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A copy of a CA's directory that one thread fetches anew, for all, once it is too old. While it does, the others go on with
 * the old copy, or wait if there is none. Thread-safe.
 */
final class DirectoryCopy {

    /** As long as it serves in the memory of one client. */
    static final Duration MAX_AGE = Duration.ofHours(12);

    // Also what keeps a client from fetching it again and again from a CA that refuses everything.
    private static final Duration BEYOND_DOUBT = Duration.ofMinutes(1);

    private final Source source;
    private final Clock clock;
    private final AtomicReference<@Nullable CompletableFuture<Directory>> inFlight = new AtomicReference<>();
    private final AtomicReference<@Nullable Fetched> fetched;
    private final AtomicBoolean mayBeKept = new AtomicBoolean(true);

    /** Where the directory comes from. */
    interface Source {
        /** Asks the CA. */
        Directory fetch() throws IOException;

        /** What was kept of an earlier run; empty if nothing was. */
        default Optional<Fetched> kept() {
            return Optional.empty();
        }

        /** Forgets what was kept. */
        default void forget() {}
    }

    /**
     * A directory that the CA sent.
     *
     * @param at when it did
     * @param until when it is to be fetched again
     * @param isFirstHand whether it did so to this client
     */
    record Fetched(Directory directory, Instant at, Instant until, boolean isFirstHand) {

        /** One that was fetched by an earlier client. */
        static Fetched before(Directory directory, Instant at, Instant until) {
            return new Fetched(directory, at, until, false);
        }
    }

    /** A copy that begins with what was fetched before, if anything was. */
    DirectoryCopy(Source source, Clock clock, @Nullable Fetched before) {
        this.source = source;
        this.clock = clock;
        this.fetched = new AtomicReference<>(before);
    }

    /** As the CA itself gave it to this client, a minute ago at most: fetched again unless that is so already. */
    Directory confirmed() throws IOException {
        Fetched present = fetched.get();
        Instant now = clock.instant();
        boolean isConfirmed =
                present != null && present.isFirstHand && isBetween(now, present.at, present.at.plus(BEYOND_DOUBT));
        if (!isConfirmed) {
            doubt(present);
        }
        return get();
    }

    /** Has a copy fetched again that may be out of date, unless the CA itself gave it a minute ago at most. */
    private void doubt(@Nullable Fetched present) {
        mayBeKept.set(false);
        source.forget();
        fetched.compareAndSet(present, null);
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
            Fetched old = fetched.get();
            Optional<Directory> theirs = old == null ? await(others) : Optional.of(old.directory);
            if (theirs.isPresent()) {
                return theirs.get();
            }
        }
    }

    private Optional<Directory> fresh() {
        return Optional.ofNullable(fetched.get()).filter(this::isFresh).map(Fetched::directory);
    }

    private boolean isFresh(Fetched copy) {
        return isBetween(clock.instant(), copy.at, copy.until);
    }

    // One of the future was fetched while the clock was wrong: it would be kept until then.
    private static boolean isBetween(Instant now, Instant start, Instant end) {
        return !now.isBefore(start) && now.isBefore(end);
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
        Fetched kept =
                mayBeKept.getAndSet(false) ? source.kept().filter(this::isFresh).orElse(null) : null;
        Fetched found = kept != null ? kept : fromCa();
        fetched.set(found);
        return found.directory;
    }

    private Fetched fromCa() throws IOException {
        Instant now = clock.instant();
        return new Fetched(source.fetch(), now, now.plus(MAX_AGE), true);
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
