package org.wucme.cli.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wucme.acme.AcmeClient;
import org.wucme.acme.Identifier;
import org.wucme.acme.challenge.AccountIdentity;
import org.wucme.acme.challenge.Challenge;
import org.wucme.acme.challenge.ChallengeSolver;
import org.wucme.acme.challenge.Lease;
import org.wucme.acme.challenge.Presented;
import org.wucme.cli.notify.NotifySettings;
import org.wucme.cli.report.ManagerWatch;
import org.wucme.store.LeaseNames;
import org.wucme.store.file.FileStore;

class AgentTest {

    @TempDir
    Path folder;

    /** A solver that opens nothing of its own accord. */
    private static final class Kept implements ChallengeSolver, Opening, AutoCloseable {

        private final AtomicInteger opened = new AtomicInteger();
        private volatile boolean isClosed;

        @Override
        public void open() {
            opened.incrementAndGet();
        }

        @Override
        public void close() {
            isClosed = true;
        }

        @Override
        public boolean canSolve(Challenge challenge, Identifier identifier) {
            return false;
        }

        @Override
        public Presented present(Challenge challenge, Identifier identifier, AccountIdentity account) {
            throw new IllegalStateException("nothing is to be solved");
        }
    }

    @Test
    void whatCannotBeStartedLeavesNothingOpen() throws Exception {
        Kept kept = new Kept();
        FileStore store = FileStore.open(folder);
        NotifySettings nobody = new NotifySettings("www1", null, null, null, null, null, null, null, null, 1);
        AgentSettings settings = new AgentSettings(
                store,
                AcmeClient::of,
                List.of(() -> kept),
                Map.of(),
                nobody,
                OkHttpClient::new,
                false,
                null,
                (state, manager, solvers) -> {
                    throw new IOException("no such address");
                });
        Clock clock = Clock.systemUTC();
        try (ActiveRole role = new ActiveRole()) {
            Residence residence = new Residence(
                    new AgentLog(line -> {}, folder.resolve("agent.log")),
                    new ManagerWatch(clock, "this process"),
                    role,
                    clock,
                    () -> {});

            assertThatThrownBy(() -> Agent.start(settings, residence)).hasMessage("no such address");
        }

        assertThat(kept.opened).hasValue(1);
        assertThat(kept.isClosed).isTrue();
        assertThat(store.lease(LeaseNames.ACTIVE, Duration.ZERO)).hasValueSatisfying(Lease::close);
    }
}
