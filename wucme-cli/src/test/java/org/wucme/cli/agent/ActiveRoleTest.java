package org.wucme.cli.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wucme.acme.challenge.Lease;
import org.wucme.store.LeaseNames;
import org.wucme.store.file.FileStore;

class ActiveRoleTest {

    @TempDir
    Path folder;

    @Test
    void whoAsksForTheRoleDoesNotWaitWhileItIsBeingAcquired() throws Exception {
        FileStore store = FileStore.open(folder);
        Lease other =
                FileStore.open(folder).lease(LeaseNames.ACTIVE, Duration.ZERO).orElseThrow();
        try (ActiveRole role = new ActiveRole()) {
            CompletableFuture<Optional<Lease>> acquired = new CompletableFuture<>();
            Thread waiting = new Thread(() -> {
                try {
                    acquired.complete(role.acquire(store, Duration.ofMinutes(10)));
                } catch (Exception e) {
                    acquired.completeExceptionally(e);
                }
            });
            waiting.start();
            while (waiting.getState() != Thread.State.TIMED_WAITING) {
                Thread.onSpinWait();
            }

            assertThat(CompletableFuture.supplyAsync(() -> role.isHeld(store)).get(20, TimeUnit.SECONDS))
                    .isFalse();
            other.close();
            assertThat(acquired.get(20, TimeUnit.SECONDS)).isPresent();
            assertThat(role.isHeld(store)).isTrue();
        }
        assertThat(store.active()).isEmpty();
    }

    @Test
    void aReloadThatFailsLeavesTheRoleOfTheFormerStoreUntilAnAgentRuns() throws Exception {
        FileStore one = FileStore.open(folder.resolve("one"));
        FileStore two = FileStore.open(folder.resolve("two"));
        try (ActiveRole role = new ActiveRole()) {
            role.acquire(one, Duration.ZERO);
            role.follow(two);
            assertThat(one.active()).isPresent();
            assertThat(two.active()).isPresent();

            role.leaveOthers(one);
            assertThat(one.active()).isPresent();
            assertThat(two.active()).isEmpty();
        }
        assertThat(one.active()).isEmpty();
    }

    @Test
    void aStandbyThatOpensAnotherStoreLetsTheActiveProcessGoFirst() throws Exception {
        FileStore one = FileStore.open(folder.resolve("one"));
        FileStore two = FileStore.open(folder.resolve("two"));
        AtomicLong time = new AtomicLong(Long.MAX_VALUE - 5);
        try (Lease other = one.lease(LeaseNames.ACTIVE, Duration.ZERO).orElseThrow();
                ActiveRole role = new ActiveRole(time::get)) {
            assertThat(other.isHeld()).isTrue();
            assertThat(role.acquire(one, Duration.ZERO)).isEmpty();
            role.follow(two);
            assertThat(role.acquire(two, Duration.ZERO)).isEmpty();
            time.addAndGet(ActiveRole.HEAD_START.toNanos() - 1);
            assertThat(role.acquire(two, Duration.ZERO)).isEmpty();
            time.addAndGet(1);
            assertThat(role.acquire(two, Duration.ZERO)).isPresent();
        }
    }

    @Test
    void aRoleThatIsClosedStaysClosed() throws Exception {
        FileStore store = FileStore.open(folder);
        ActiveRole role = new ActiveRole();
        role.close();
        assertThat(role.acquire(store, Duration.ZERO)).isEmpty();
        assertThat(store.active()).isEmpty();
    }
}
