package org.wucme.manage;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.wucme.store.ActiveManager;

/**
 * The status of a manager, its certificates and its CAs at one moment: everything that a report, a health check or a metric
 * needs, from one read of the store. Immutable, without keys and other secrets; no method does I/O.
 *
 * <pre>{@code
 * ManagerStatus status = manager.status();
 * for (CertificateStatus certificate : status.certificates()) {
 *     Instant next = certificate.nextAttempt();
 *     log.info("{} is {}{}", certificate.name(), certificate.state(), next == null ? "" : ", retry at " + next);
 * }
 * boolean isHealthy = status.certificates().stream()
 *         .filter(CertificateStatus::isManaged)
 *         .allMatch(certificate -> certificate.state() == CertificateStatus.State.CURRENT);
 * }</pre>
 *
 * @param at the moment
 * @param role the role of this manager
 * @param leaseHolder the process whose manager is active for the store, this one or another; null if none is
 * @param certificates all certificates and requests in the store, in its order, those that are not managed included
 * @param cas the CAs of the managed certificates, and those of a manager that are out of service; by the URL of their directory
 */
public record ManagerStatus(
        Instant at,
        Role role,
        @Nullable ActiveManager leaseHolder,
        List<CertificateStatus> certificates,
        List<CaStatus> cas) {

    /** The role of a manager. */
    public enum Role {
        /** It renews due certificates. */
        ACTIVE,
        /** It waits for the active manager to end. */
        STANDBY,
        /** It was not started. */
        NOT_STARTED
    }

    public ManagerStatus {
        Objects.requireNonNull(at, "at");
        Objects.requireNonNull(role, "role");
        certificates = List.copyOf(certificates);
        cas = List.copyOf(cas);
    }
}
