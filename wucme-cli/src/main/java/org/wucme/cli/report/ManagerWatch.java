package org.wucme.cli.report;

import java.time.Clock;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.wucme.manage.ManagerEvent;
import org.wucme.store.ActiveManager;

/**
 * Listens to the managers that follow one another in this process, and tells how they stand. Until one says whether it is
 * active, it counts as waiting.
 * Thread-safe.
 */
public final class ManagerWatch implements Consumer<ManagerEvent>, Supplier<ManagerState> {

    private final Clock clock;
    private final String self;
    private final AtomicReference<ManagerState> state;

    /**
     * For a manager of this process.
     *
     * @param self this process, for a human
     */
    public ManagerWatch(Clock clock, String self) {
        this.clock = clock;
        this.self = self;
        this.state = new AtomicReference<>(ManagerState.none().withRole(ManagerState.Role.STANDBY, null, null));
    }

    @Override
    public void accept(ManagerEvent event) {
        Instant now = clock.instant();
        state.updateAndGet(before -> after(before, event, now));
    }

    @Override
    public ManagerState get() {
        return Objects.requireNonNull(state.get());
    }

    private ManagerState after(ManagerState before, ManagerEvent event, Instant now) {
        if (event instanceof ManagerEvent.BecameActive) {
            // A manager with other settings goes on for the same process.
            return before.role() == ManagerState.Role.ACTIVE
                    ? before
                    : before.withRole(ManagerState.Role.ACTIVE, self, now);
        }
        if (event instanceof ManagerEvent.BecameStandby standby) {
            ActiveManager owner = standby.owner();
            return before.withRole(ManagerState.Role.STANDBY, ManagerState.name(owner), owner.since());
        }
        if (event instanceof ManagerEvent.Failed) {
            return before.withFailure();
        }
        return event instanceof ManagerEvent.Obtained || event instanceof ManagerEvent.Renewed
                ? before.withSuccess(now)
                : before;
    }
}
