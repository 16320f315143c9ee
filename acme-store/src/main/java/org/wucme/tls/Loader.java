package org.wucme.tls;

import java.io.IOException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wucme.acme.Deadline;
import org.wucme.acme.internal.text.OneLine;
import org.wucme.acme.internal.text.Trace;
import org.wucme.acme.pki.CertificateChain;
import org.wucme.store.CertificateSource;
import org.wucme.store.StoredCertificate;
import org.wucme.tls.Aliases.Named;

/**
 * Brings certificates from their source into memory: a summary of each, and the keys of those that are used, as far as there is
 * room. What cannot be read changes nothing.
 *
 * <p>A certificate is never read by two threads at once, so what was read later is never older.
 */
final class Loader implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Loader.class);

    private final CertificateSource source;
    private final CertificateIndex index;
    private final LoadedKeys keys;
    private final Aliases aliases;
    private final StateChanges states = new StateChanges();
    private final Map<String, CompletableFuture<Boolean>> readings = new ConcurrentHashMap<>();
    private final KeyLoads keyLoads;
    private volatile boolean isClosed;

    /**
     * For a source.
     *
     * @param limit how long a handshake waits for a key that is not in memory
     */
    Loader(CertificateSource source, CertificateIndex index, LoadedKeys keys, Aliases aliases, Duration limit) {
        this.source = source;
        this.index = index;
        this.keys = keys;
        this.aliases = aliases;
        this.keyLoads = new KeyLoads(
                name -> alone(name, () -> keyUnlessReadMeanwhile(name)).key(), limit);
    }

    /** Reads a certificate anew. Returns whether what the source has is what is served now. */
    boolean refresh(String name) {
        return alone(name, () -> read(name, keys.contains(name))).isCurrent();
    }

    /** A deadline for one call of the key manager that begins now. */
    Deadline deadline() {
        return keyLoads.deadline();
    }

    /** The key and chain of a certificate, loaded if they are not in memory; null if they cannot be had by the deadline. */
    @Nullable
    Named keyOf(String name, Deadline call) {
        Named loaded = keys.get(name);
        return loaded != null ? loaded : keyLoads.load(name, call);
    }

    /** Whether there is no key in memory, and it could not be loaded in time a moment ago. */
    boolean isUnavailable(String name) {
        return !keys.contains(name) && keyLoads.isUnavailable(name);
    }

    private Reading keyUnlessReadMeanwhile(String name) {
        Named loaded = keys.get(name);
        return loaded != null ? new Reading(true, loaded) : read(name, true);
    }

    private Reading alone(String name, Supplier<Reading> reading) {
        CompletableFuture<Boolean> mine = new CompletableFuture<>();
        for (var other = readings.putIfAbsent(name, mine); other != null; other = readings.putIfAbsent(name, mine)) {
            if (!awaitEnd(other)) {
                return Reading.FAILED;
            }
        }
        try {
            return reading.get();
        } finally {
            readings.remove(name);
            mine.complete(true);
        }
    }

    /** Returns false if this thread is interrupted before. */
    private static boolean awaitEnd(CompletableFuture<Boolean> reading) {
        try {
            return reading.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    private Reading read(String name, boolean keyIsNeeded) {
        try {
            StoredCertificate stored = source.load(name).orElse(null);
            if (Thread.currentThread().isInterrupted()) {
                // It may not have been read to its end, which says nothing about the certificate.
                return Reading.FAILED;
            }
            if (stored == null || (stored.chain() == null && stored.problem() == null)) {
                remove(name);
                return Reading.WITHOUT_KEY;
            }
            return put(name, stored, keyIsNeeded);
        } catch (IOException | RuntimeException | Error e) {
            if (!Thread.currentThread().isInterrupted()) {
                failed(name, e);
            }
            return Reading.FAILED;
        }
    }

    private static String describe(Throwable cause) {
        String message = cause.getMessage();
        return OneLine.of(message == null ? cause.toString() : message);
    }

    private Reading put(String name, StoredCertificate stored, boolean keyIsNeeded) throws IOException {
        CertificateChain chain = stored.chain();
        if (chain == null) {
            throw new IOException(stored.problem());
        }
        CertificateSummary summary = CertificateSummary.of(name, chain.leaf());
        Reading reading = Reading.WITHOUT_KEY;
        if (keyIsNeeded || (stored.keyPair() != null && keys.hasRoom())) {
            Named key = aliases.add(name, new KeyMaterial(privateKeyOf(stored), chain.certificates()));
            keys.put(name, key);
            reading = new Reading(true, key);
        }
        CertificateSummary before = index.put(summary);
        keyLoads.forgetFailure(name);
        if (states.becomesRight(name)) {
            LOG.info("{} can be read again", stored.location());
        }
        if (before != null && !before.serialNumber().equals(summary.serialNumber())) {
            LOG.info("serving the new certificate in {}, which ends {}", stored.location(), summary.notAfter());
        }
        return reading;
    }

    private static PrivateKey privateKeyOf(StoredCertificate stored) throws IOException {
        KeyPair keyPair = stored.keyPair();
        if (keyPair == null) {
            throw new IOException(Objects.requireNonNullElse(
                    stored.problem(), "there is no private key for the certificate in " + stored.location()));
        }
        return keyPair.getPrivate();
    }

    private void remove(String name) {
        keys.remove(name);
        states.becomesRight(name);
        if (index.remove(name) != null) {
            LOG.info("the certificate {} is gone from the store, and served no more", name);
        }
    }

    private void failed(String name, Throwable cause) {
        if (isClosed) {
            LOG.debug("certificate {}: its reading was interrupted by closing", name);
            return;
        }
        String consequence = keys.keep(name) ? "the last good one is still served" : "it cannot be served";
        if (!states.becomesWrong(name, OneLine.of(cause.toString()))) {
            return;
        }
        if (Trace.isUnexpected(cause)) {
            String error = OneLine.of(cause.toString());
            LOG.warn("certificate {}: {}: unexpected error: {}", name, consequence, error, Trace.of(cause));
        } else {
            LOG.warn("certificate {}: {}: {}", name, consequence, describe(cause));
        }
    }

    /** Loads no more keys. */
    @Override
    public void close() {
        isClosed = true;
        keyLoads.close();
    }

    /**
     * What came of reading.
     *
     * @param isCurrent whether what the source has is what is served now
     * @param key null if it was not asked for, or cannot be had
     */
    private record Reading(boolean isCurrent, @Nullable Named key) {

        static final Reading WITHOUT_KEY = new Reading(true, null);
        static final Reading FAILED = new Reading(false, null);
    }
}
