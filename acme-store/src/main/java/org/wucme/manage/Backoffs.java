package org.wucme.manage;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wucme.acme.challenge.Lease;
import org.wucme.store.CertificateStore;
import org.wucme.store.LeaseNames;
import org.wucme.store.RenewalRecord;
import org.wucme.store.StoredCertificate;

/** Ends backoffs in the records of a store when the reason for them has passed. Thread-safe. */
final class Backoffs {

    private static final Logger LOG = LoggerFactory.getLogger(Backoffs.class);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration BETWEEN_OUTAGES = Duration.ofHours(1);

    private final CertificateStore store;
    private final Clock clock;
    // When the backoff of a certificate was ended because its CA was in service again.
    private final Map<String, Instant> ended = new ConcurrentHashMap<>();

    Backoffs(CertificateStore store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    /** All, with those of deployments. */
    void endAll() throws IOException {
        endThose(renewal -> renewal.attempts().nextAttempt() != null
                || renewal.deployments().failure() != null);
    }

    /** Those of certificates of one CA. */
    void endAt(String directoryUrl) throws IOException {
        endThose(renewal -> renewal.attempts().nextAttempt() != null
                && renewal.spec().directoryUrl().equals(directoryUrl));
    }

    private void endThose(Predicate<RenewalRecord> which) throws IOException {
        for (StoredCertificate stored : store.list()) {
            if (stored.renewal() != null && which.test(stored.renewal())) {
                end(stored.name(), which, PATIENCE);
            }
        }
    }

    /**
     * Those that came from an outage of a CA, each once an hour at most: a CA that fails at one certificate alone is not out of
     * service. What another thread or process works on is left to it.
     */
    void endOutage(String directoryUrl) throws IOException {
        Instant now = clock.instant();
        ended.values().removeIf(at -> Duration.between(at, now).abs().compareTo(BETWEEN_OUTAGES) >= 0);
        Predicate<RenewalRecord> isOutage = renewal -> renewal.attempts().nextAttempt() != null
                && directoryUrl.equals(renewal.attempts().unreachableCa());
        for (StoredCertificate stored : store.list()) {
            RenewalRecord renewal = stored.renewal();
            boolean isToEnd = renewal != null && isOutage.test(renewal) && !ended.containsKey(stored.name());
            if (isToEnd && end(stored.name(), isOutage, Duration.ZERO)) {
                ended.put(stored.name(), now);
            }
        }
    }

    /**
     * Those that may have come from settings that have changed since.
     *
     * @param now the digest of the settings for what is stored; null if there are none
     */
    void endRefused(Settings now) throws IOException {
        for (StoredCertificate stored : store.list()) {
            RenewalRecord renewal = stored.renewal();
            String refused = renewal == null || renewal.attempts().nextAttempt() == null
                    ? null
                    : renewal.attempts().refusedSettings();
            if (refused != null && !refused.equals(now.digestFor(stored))) {
                LOG.info("{}: its settings have changed, so that it is tried again", stored.name());
                end(stored.name(), record -> refused.equals(record.attempts().refusedSettings()), PATIENCE);
            }
        }
    }

    interface Settings {
        @Nullable
        String digestFor(StoredCertificate stored) throws IOException;
    }

    /** False if another thread or process works on it, so that nothing was done. */
    private boolean end(String name, Predicate<RenewalRecord> which, Duration patience) throws IOException {
        try (Lease lock = store.lease(LeaseNames.certificate(name), patience).orElse(null)) {
            if (lock == null) {
                LOG.info("another thread or process works on {}: its backoff stays as it is", name);
                return false;
            }
            StoredCertificate present = store.load(name).orElse(null);
            RenewalRecord renewal = present == null ? null : present.renewal();
            if (present != null && renewal != null && which.test(renewal)) {
                Instant now = clock.instant();
                store.saveAttempts(lock, name, renewal.attempts().released());
                DeploymentPart.change(store, present, deployments -> deployments.retriedAt(now));
            }
            return true;
        }
    }
}
