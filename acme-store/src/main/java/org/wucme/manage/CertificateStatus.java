package org.wucme.manage;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.wucme.acme.Identifier;
import org.wucme.store.Attempts;
import org.wucme.store.CertificateSpec;
import org.wucme.store.Deployments;
import org.wucme.store.Origin;

/**
 * The status of one certificate in a {@link ManagerStatus}. Immutable, and without its key. What a CA said is in one line.
 *
 * @param name its name in the store
 * @param location where it is, for a human and for servers that read it: of a file store, the path
 * @param identifiers its names and addresses, in the order in which they were requested; empty if nothing can be read
 * @param isManaged whether it is renewed and deployed
 * @param state its state by time
 * @param issued the present certificate; null if none was issued yet, or it cannot be read
 * @param spec what is requested; null for an imported certificate without a record, or if it cannot be read
 * @param origin where the present certificate came from, and whether its key is compromised
 * @param attempts failures since the last success, with the last problem and the backoff as recorded
 * @param deployments pending and completed deployments of the present certificate, and the last failure
 * @param nextAttempt when it is tried at the earliest: after the backoff, once its names may be validated again (those that
 *     failed too often within an hour delay every certificate that has them), and if it is due, once the maintenance window
 *     opens; null if the due date alone counts
 * @param problem what cannot be read or does not fit, where, and what to do; null if there is none
 */
public record CertificateStatus(
        String name,
        String location,
        List<Identifier> identifiers,
        boolean isManaged,
        State state,
        @Nullable IssuedCertificate issued,
        @Nullable CertificateSpec spec,
        Origin origin,
        Attempts attempts,
        Deployments deployments,
        @Nullable Instant nextAttempt,
        @Nullable String problem) {

    /** The state of a certificate by time, whether it is managed or not. */
    public enum State {
        /** None was issued yet. */
        NOT_ISSUED,
        /** It cannot be read. */
        UNREADABLE,
        /** It is valid later: the clock of this machine may be wrong. */
        NOT_YET_VALID,
        /** It is valid, and not due. */
        CURRENT,
        /** It is due. */
        DUE,
        /** It was due some time ago: a manager, or a daily run, would have renewed it. */
        LATE,
        /** It was not renewed, and little of its lifetime is left. */
        EXPIRES_SOON,
        /** It has expired. */
        EXPIRED
    }

    public CertificateStatus {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(location, "location");
        identifiers = List.copyOf(identifiers);
        Objects.requireNonNull(state, "state");
        Objects.requireNonNull(origin, "origin");
        Objects.requireNonNull(attempts, "attempts");
        Objects.requireNonNull(deployments, "deployments");
    }

    /** The directory of the CA that the present certificate came from; null if not known. */
    public @Nullable String issuedBy() {
        if (spec == null || origin.issuedBy() != null) {
            return origin.issuedBy();
        }
        return spec.directoryUrl();
    }
}
