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
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A copy of a CA's directory that one thread fetches anew, for all, once it is too old or in doubt. While it does, the others
 * go on with the old copy, or wait if there is none. A copy is given up for a newer one only. Thread-safe.
 */
final class DirectoryCopy {

    /** As long as it serves in the memory of one client. */
    static final Duration MAX_AGE = Duration.ofHours(12);

    // Also what keeps a client from fetching it again and again from a CA that refuses everything.
    private static final Duration BEYOND_DOUBT = Duration.ofMinutes(1);

    private final Source source;
    private final Clock clock;
    private final AtomicReference<@Nullable CompletableFuture<Fetched>> inFlight = new AtomicReference<>();
    private volatile @Nullable Fetched fetched;
    private volatile @Nullable Instant failedAt;

    /** Where the directory comes from. */
    interface Source {
        /** Asks the CA. */
        Directory fetch() throws IOException;

        /** What was kept of an earlier run; empty if nothing was. */
        default Optional<Fetched> kept() {
            return Optional.empty();
        }
    }

    private interface Loader {
        Fetched load() throws IOException;
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
        this.fetched = before;
    }

    Directory get() throws IOException {
        while (true) {
            Fetched present = fetched;
            if (present != null && (isFresh(present) || inFlight.get() != null)) {
                return present.directory;
            }
            Optional<Fetched> loaded = load(this::isFresh, this::keptOrFromCa);
            if (loaded.isPresent()) {
                return loaded.get().directory;
            }
        }
    }

    /** As the CA itself gave it to this client, a minute ago at most: fetched again unless that is so already. */
    Directory confirmed() throws IOException {
        while (true) {
            Fetched present = fetched;
            if (present != null && isConfirmed(present)) {
                return present.directory;
            }
            // What another thread was loading may be what was kept.
            Optional<Fetched> loaded = load(this::isConfirmed, this::fromCa).filter(Fetched::isFirstHand);
            if (loaded.isPresent()) {
                return loaded.get().directory;
            }
        }
    }

    /** As {@link #confirmed}; but what there is, if the CA could not be asked within the last minute either. */
    Directory doubted() throws IOException {
        Fetched present = fetched;
        Instant failed = failedAt;
        return present != null && failed != null && isLately(failed) ? present.directory : confirmed();
    }

    /** Whether a directory is what the CA itself gave to this client last. */
    boolean isFirstHand(Directory directory) {
        Fetched present = fetched;
        return present != null && present.isFirstHand && present.directory.equals(directory);
    }

    private boolean isConfirmed(Fetched copy) {
        return copy.isFirstHand && isLately(copy.at);
    }

    private boolean isLately(Instant at) {
        return isBetween(clock.instant(), at, at.plus(BEYOND_DOUBT));
    }

    private boolean isFresh(Fetched copy) {
        return isBetween(clock.instant(), copy.at, copy.until);
    }

    // One of the future was fetched while the clock was wrong: it would be kept until then.
    private static boolean isBetween(Instant now, Instant start, Instant end) {
        return !now.isBefore(start) && now.isBefore(end);
    }

    /** What one thread loads for all that come meanwhile; empty if it was interrupted. */
    private Optional<Fetched> load(Predicate<Fetched> isGood, Loader loader) throws IOException {
        CompletableFuture<Fetched> own = new CompletableFuture<>();
        CompletableFuture<Fetched> others = inFlight.compareAndExchange(null, own);
        if (others != null) {
            return await(others);
        }
        try {
            // Another thread may have done it since this one looked.
            Fetched present = fetched;
            Fetched loaded = present != null && isGood.test(present) ? present : loader.load();
            fetched = loaded;
            own.complete(loaded);
            return Optional.of(loaded);
        } catch (AcmeException e) {
            own.completeExceptionally(e);
            throw e;
        } finally {
            inFlight.set(null);
            own.cancel(false);
        }
    }

    private Fetched keptOrFromCa() throws IOException {
        Optional<Fetched> kept = fetched == null ? source.kept().filter(this::isFresh) : Optional.empty();
        return kept.isPresent() ? kept.get() : fromCa();
    }

    private Fetched fromCa() throws IOException {
        Instant now = clock.instant();
        try {
            return new Fetched(source.fetch(), now, now.plus(MAX_AGE), true);
        } catch (AcmeException e) {
            failedAt = clock.instant();
            throw e;
        }
    }

    // Empty if the thread that fetched it was interrupted: that is not the business of the others, who try themselves.
    private static Optional<Fetched> await(CompletableFuture<Fetched> others) throws IOException {
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
