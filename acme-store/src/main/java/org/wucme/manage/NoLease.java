package org.wucme.manage;

import org.wucme.acme.challenge.Lease;
import org.wucme.store.LeaseNames;

/** Stands for the lease of the active manager where a manager is to be active without one. It is never lost. */
record NoLease() implements Lease {

    @Override
    public String name() {
        return LeaseNames.ACTIVE;
    }

    @Override
    public long token() {
        return 0;
    }

    @Override
    public boolean isHeld() {
        return true;
    }

    @Override
    public void onLost(Runnable action) {}

    @Override
    public void close() {}
}
