package org.wucme.cli.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wucme.acme.AcmeClient;
import org.wucme.acme.Identifier;
import org.wucme.acme.challenge.AccountIdentity;
import org.wucme.acme.challenge.Challenge;
import org.wucme.acme.challenge.ChallengeSolver;
import org.wucme.acme.challenge.Presented;
import org.wucme.cli.notify.NotifySettings;
import org.wucme.store.file.FileStore;

class AgentTest {

    @TempDir
    Path folder;

    /** Tells which thread opens it. */
    private static final class Kept implements ChallengeSolver, Opening {

        private final CompletableFuture<Thread> opener = new CompletableFuture<>();

        @Override
        public void open() {
            opener.complete(Thread.currentThread());
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
    void whatCannotBeStartedOpensNothingLater() throws Exception {
        Kept kept = new Kept();
        NotifySettings nobody = new NotifySettings("www1", null, null, null, null, null, null, null, null, 1);
        AgentSettings settings = new AgentSettings(
                FileStore.open(folder),
                AcmeClient::of,
                List.of(() -> kept),
                Map.of(),
                nobody,
                OkHttpClient::new,
                false,
                (state, manager, solvers) -> {
                    // Only then has a thread begun that could go on.
                    kept.opener.orTimeout(60, TimeUnit.SECONDS).join();
                    throw new IOException("no such address");
                });
        AgentLog log = new AgentLog(line -> {}, folder.resolve("agent.log"));

        assertThatThrownBy(() -> Agent.start(settings, log, () -> {})).hasMessage("no such address");

        Thread opener = kept.opener.join();
        opener.join(TimeUnit.SECONDS.toMillis(60));
        assertThat(opener.isAlive()).isFalse();
    }
}
