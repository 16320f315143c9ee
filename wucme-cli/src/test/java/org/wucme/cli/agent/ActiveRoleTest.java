package org.wucme.cli.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
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
}
