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
import org.wucme.acme.Deadline;
import org.wucme.tls.Aliases.Named;

/**
 * Which certificate a handshake gets; the rules are those of {@link ServerCertificates}. Thread-safe; waits only
 * for a key that is not in memory, and not beyond the load deadline.
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
     * @param keyType the kind of key, as the TLS engine calls it
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
        Deadline deadline = loader.deadline();
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Named chosen = choose(question, deadline);
            if (chosen == null || chosen.material().isOfType(question.keyType())) {
                return chosen;
            }
        }
        return null;
    }

    private @Nullable Named choose(Question question, Deadline deadline) {
        List<CertificateSummary> candidates = find(question.serverName());
        Named chosen = best(candidates, question, deadline);
        if (chosen != null || hasOtherType(candidates, question)) {
            return chosen;
        }
        Named substitute = fallback(question, deadline);
        // What was late may be there by now, and have pushed the fallback out of memory.
        return substitute == null ? best(candidates, question, deadline) : substitute;
    }

    /** Whether a key of another type can be had: JSSE asks for one type after another. */
    private boolean hasOtherType(List<CertificateSummary> candidates, Question question) {
        return candidates.stream()
                .anyMatch(candidate -> !candidate.keyType().isAskedForAs(question.keyType())
                        && !loader.isUnavailable(candidate.name()));
    }

    private List<CertificateSummary> find(@Nullable String serverName) {
        return serverName == null ? List.of() : index.find(serverName);
    }

    /** For a name that no certificate has whose key can be had. */
    private @Nullable Named fallback(Question question, Deadline deadline) {
        if (isForTemporary(question)) {
            return temporary(question);
        }
        if (fallback.refuse()) {
            return null;
        }
        List<CertificateSummary> candidates = fallbackFor(question);
        Named chosen = best(candidates, question, deadline);
        return chosen != null || hasOtherType(candidates, question) ? chosen : temporary(question);
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
        Named made = temporary == null ? null : temporary.get();
        return made != null && made.material().isOfType(question.keyType()) ? made : null;
    }

    /** Those with a key of the type, as they come, but the expired ones last. */
    private List<CertificateSummary> fitting(List<CertificateSummary> candidates, String keyType) {
        Instant now = clock.instant();
        List<CertificateSummary> fitting = new ArrayList<>(1);
        List<CertificateSummary> expired = new ArrayList<>(0);
        for (CertificateSummary candidate : candidates) {
            if (candidate.keyType().isAskedForAs(keyType)) {
                (candidate.isExpiredAt(now) ? expired : fitting).add(candidate);
            }
        }
        if (fitting.isEmpty() && !expired.isEmpty()) {
            warn(expired.get(0));
        }
        fitting.addAll(expired);
        return fitting;
    }

    /** Of those with a key of the type, the first whose issuer the client knows; else the first that can be had. */
    private @Nullable Named best(List<CertificateSummary> candidates, Question question, Deadline deadline) {
        Named first = null;
        for (CertificateSummary candidate : fitting(candidates, question.keyType())) {
            Named key = loader.keyOf(candidate.name(), deadline);
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
