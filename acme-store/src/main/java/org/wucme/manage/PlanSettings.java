package org.wucme.manage;

import org.jspecify.annotations.Nullable;
import org.wucme.store.MaintenanceWindow;

/**
 * What planning goes by in all certificates. Immutable.
 *
 * @param asks whether CAs are asked when to renew (RFC 9773)
 * @param window when certificates are renewed that have no window of their own; null for any time
 */
record PlanSettings(boolean asks, @Nullable MaintenanceWindow window) {

    /** As if nothing were configured. */
    static final PlanSettings DEFAULT = new PlanSettings(true, null);
}
