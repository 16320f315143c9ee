package org.wucme.tls;

import java.security.Principal;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wucme.tls.Aliases.Named;

/**
 * Which certificate a handshake gets; the rules are those of {@link ServerCertificates}. Thread-safe; reads the store only
 * for a key that is not in memory.
 */
final class Selection {

    private static final Logger LOG = LoggerFactory.getLogger(Selection.class);
    // A replacement by a key of another type can come between choosing a certificate and getting its key.
    private static final int ATTEMPTS = 3;

    private final CertificateIndex index;
    private final Loader loader;
    private final Fallback fallback;
    private final @Nullable TemporaryCertificate temporary;
    private final Clock clock;
    private final StateChanges states = new StateChanges();

    /**
     * What a handshake gets whose name no certificate has.
     *
     * @param refuse whether it fails
     * @param serverName else it gets what this name would get; null if none was configured
     */
    record Fallback(boolean refuse, @Nullable String serverName) {}

    /**
     * What a client asks for.
     *
     * @param keyType the algorithm of the key
     * @param issuers the CAs it knows; empty if it does not say
     * @param sendsName whether it sent a name (SNI, RFC 6066 section 3)
     * @param serverName that name in lower case, or the address it reached if it sent none; null if not understood or not
     *     known
     */
    record Question(
            String keyType,
            Set<Principal> issuers,
            boolean sendsName,
            @Nullable String serverName) {}

    Selection(
            CertificateIndex index,
            Loader loader,
            Fallback fallback,
            @Nullable TemporaryCertificate temporary,
            Clock clock) {
        this.index = index;
        this.loader = loader;
        this.fallback = fallback;
        this.temporary = temporary;
        this.clock = clock;
    }

    /** What to answer with; null if there is nothing. */
    @Nullable
    Named choose(Question question) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            List<CertificateSummary> candidates = candidates(question);
            if (candidates.isEmpty()) {
                return temporary(question);
            }
            Named chosen = best(fitting(candidates, question.keyType()), question);
            if (chosen == null || chosen.material().isOfType(question.keyType())) {
                return chosen;
            }
        }
        return null;
    }

    private List<CertificateSummary> candidates(Question question) {
        List<CertificateSummary> found = find(question.serverName());
        boolean isFinal = !found.isEmpty() || fallback.refuse() || isForTemporary(question);
        return isFinal ? found : fallbackFor(question);
    }

    private List<CertificateSummary> find(@Nullable String serverName) {
        return serverName == null ? List.of() : index.find(serverName);
    }

    private List<CertificateSummary> fallbackFor(Question question) {
        List<CertificateSummary> configured = find(fallback.serverName());
        if (!configured.isEmpty()) {
            return configured;
        }
        // Who was given an address sends no name.
        CertificateSummary forAddress = question.sendsName() ? null : index.firstWithAddress();
        CertificateSummary certificate = forAddress == null ? index.first() : forAddress;
        return certificate == null ? List.of() : List.of(certificate);
    }

    private boolean isForTemporary(Question question) {
        String serverName = question.serverName();
        return temporary != null && serverName != null && temporary.isFor(serverName);
    }

    private @Nullable Named temporary(Question question) {
        if (temporary == null || (fallback.refuse() && !isForTemporary(question))) {
            return null;
        }
        Named made = temporary.get();
        return made.material().isOfType(question.keyType()) ? made : null;
    }

    /** Those with a key of the type, as they come, but the expired ones last. */
    private List<CertificateSummary> fitting(List<CertificateSummary> candidates, String keyType) {
        Instant now = clock.instant();
        List<CertificateSummary> fitting = new ArrayList<>(1);
        List<CertificateSummary> expired = new ArrayList<>(0);
        for (CertificateSummary candidate : candidates) {
            if (candidate.keyType().equals(keyType)) {
                (candidate.isExpiredAt(now) ? expired : fitting).add(candidate);
            }
        }
        if (fitting.isEmpty() && !expired.isEmpty()) {
            warn(expired.get(0));
        }
        fitting.addAll(expired);
        return fitting;
    }

    /** The first whose issuer the client knows; else the first that can be had. */
    private @Nullable Named best(List<CertificateSummary> fitting, Question question) {
        Named first = null;
        for (CertificateSummary candidate : fitting) {
            Named key = loader.keyOf(candidate.name());
            if (key != null && isKnown(key.material(), question.issuers())) {
                return key;
            }
            first = first == null ? key : first;
        }
        return first;
    }

    private static boolean isKnown(KeyMaterial material, Set<Principal> issuers) {
        return issuers.isEmpty() || material.isIssuedByOneOf(issuers);
    }

    private void warn(CertificateSummary expired) {
        if (states.becomesWrong(expired.name(), expired.notAfter().toString())) {
            LOG.warn(
                    "certificate {} expired at {}, and is still served: there is nothing better",
                    expired.name(),
                    expired.notAfter());
        }
    }
}
