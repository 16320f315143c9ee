package org.wucme.cli.report;

import java.time.Instant;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.wucme.manage.ManagerStatus;
import org.wucme.store.ActiveManager;

/**
 * Who takes care of a store, and what came of it. Immutable.
 *
 * @param role what is known of it
 * @param who the process that takes care of the store, for a human; null if not known, or none does
 * @param since from when on it is so; null if not known
 * @param renewals how many certificates were obtained since the process began
 * @param failures how many attempts have failed since then
 * @param lastSuccess when the last certificate was obtained; null if none was since then
 */
public record ManagerState(
        Role role,
        @Nullable String who,
        @Nullable Instant since,
        long renewals,
        long failures,
        @Nullable Instant lastSuccess) {

    /** Whether a store is taken care of. */
    public enum Role {
        /** A manager takes care of it. */
        ACTIVE,
        /** The manager of this process waits for another one to end. */
        STANDBY,
        /** No manager runs; the store may be looked after by a daily run. */
        NONE;

        /** In lower case. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public ManagerState {
        Objects.requireNonNull(role, "role");
    }

    /** Nobody takes care of the store. */
    public static ManagerState none() {
        return new ManagerState(Role.NONE, null, null, 0, 0, null);
    }

    /**
     * With the role that a manager's status tells. If that manager is the active one, it is of this process, and what is known
     * of it here stays.
     */
    ManagerState with(ManagerStatus status) {
        boolean isOwn = status.role() == ManagerStatus.Role.ACTIVE;
        if (isOwn && role == Role.ACTIVE) {
            return this;
        }
        ActiveManager holder = status.leaseHolder();
        Role seen = status.role() == ManagerStatus.Role.STANDBY
                ? Role.STANDBY
                : isOwn || holder != null ? Role.ACTIVE : Role.NONE;
        return holder == null ? withRole(seen, null, null) : withRole(seen, name(holder), holder.since());
    }

    /** A manager without the time: that is told apart. */
    static String name(ActiveManager manager) {
        return new ActiveManager(manager.host(), manager.pid(), null).toString();
    }

    ManagerState withRole(Role newRole, @Nullable String newWho, @Nullable Instant newSince) {
        return new ManagerState(newRole, newWho, newSince, renewals, failures, lastSuccess);
    }

    ManagerState withFailure() {
        return new ManagerState(role, who, since, renewals, failures + 1, lastSuccess);
    }

    ManagerState withSuccess(Instant now) {
        return new ManagerState(role, who, since, renewals + 1, failures, now);
    }
}
