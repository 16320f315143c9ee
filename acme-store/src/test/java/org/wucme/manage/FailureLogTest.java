package org.wucme.manage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wucme.acme.Ca;

/** Without a listener, what goes wrong is in the log. */
@SuppressWarnings("NullAway.Init")
class FailureLogTest {

    private static final Logger LOGGER = Logger.getLogger("org.wucme.manage");

    @TempDir
    Path folder;

    private final BlockingQueue<LogRecord> log = new LinkedBlockingQueue<>();
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord entry) {
            log.add(entry);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };
    private Scene scene;

    @BeforeEach
    void open() throws IOException {
        scene = new Scene(folder);
        LOGGER.addHandler(handler);
        LOGGER.setUseParentHandlers(false);
    }

    @AfterEach
    void close() throws Exception {
        scene.close();
        LOGGER.removeHandler(handler);
        LOGGER.setUseParentHandlers(true);
    }

    private void startWithoutListener() throws IOException {
        scene.manager(scene.configured(scene.store)
                        .renewalInfo(false)
                        .ca(Ca.of(scene.ca.directoryUrl()))
                        .agreeToTerms()
                        .manage("www.example.test"))
                .start();
    }

    private LogRecord await(Level level, String text) throws InterruptedException {
        while (true) {
            LogRecord entry = log.poll(30, TimeUnit.SECONDS);
            assertThat(entry).as(level + " " + text).isNotNull();
            if (entry.getLevel().equals(level) && message(entry).contains(text)) {
                return entry;
            }
        }
    }

    private static String message(LogRecord entry) {
        return new SimpleFormatter().formatMessage(entry);
    }

    private List<@Nullable Throwable> traces() {
        return log.stream()
                .<@Nullable Throwable>map(LogRecord::getThrown)
                .filter(thrown -> thrown != null)
                .toList();
    }

    @Test
    void aSolverThatCannotWorkIsLoggedInOneLineWithTheNextAttempt() throws Exception {
        scene.solver.before(() -> {
            throw new IOException("port 80 is taken");
        });

        startWithoutListener();

        LogRecord entry = await(Level.WARNING, "port 80 is taken");
        assertThat(message(entry)).contains(Scene.WWW, "next attempt").doesNotContain("\n");
        assertThat(entry.getThrown()).isNull();
        assertThat(traces()).isEmpty();
    }

    @Test
    void anExceptionOfAProgramIsLoggedOnceWithItsStackTraceAndType() throws Exception {
        scene.solver.before(() -> {
            throw new IllegalStateException("a mistake");
        });

        startWithoutListener();

        LogRecord trace = await(Level.SEVERE, "unexpected error");
        assertThat(trace.getThrown()).isInstanceOf(IllegalStateException.class).hasMessage("a mistake");
        assertThat(message(await(Level.WARNING, "unexpected error"))).contains("IllegalStateException", "a mistake");
        assertThat(traces()).isEmpty();
        assertThat(scene.record(Scene.WWW).attempts().lastProblem())
                .contains("unexpected error", "IllegalStateException");
    }

    @Test
    void anErrorIsLoggedOnceWithItsStackTraceAndType() throws Exception {
        scene.solver.before(() -> {
            throw new NoClassDefFoundError("org/example/Gone");
        });

        startWithoutListener();

        assertThat(await(Level.SEVERE, "unexpected error").getThrown()).isInstanceOf(NoClassDefFoundError.class);
        assertThat(message(await(Level.WARNING, "unexpected error"))).contains("NoClassDefFoundError");
        assertThat(traces()).isEmpty();
    }

    @Test
    void aRefusalThatDoesNotPassIsAnError() throws Exception {
        scene.ca.block("www.example.test");

        startWithoutListener();

        await(Level.WARNING, Scene.WWW);
        assertThat(message(await(Level.SEVERE, Scene.WWW))).contains("PERMANENT_PROBLEM");
    }

    @Test
    void aRunByHandLogsFailuresAndAlarmsToo() throws Exception {
        scene.register();
        scene.manager().issue(scene.www());
        scene.time.advance(Duration.ofDays(89));
        scene.solver.before(() -> {
            throw new IOException("no network");
        });

        scene.manager().renewDue();

        await(Level.WARNING, "no network");
        assertThat(message(await(Level.SEVERE, Scene.WWW))).contains("EXPIRES_SOON");
    }

    @Test
    void aDeploymentThatFailsIsLogged() throws Exception {
        scene.register();
        scene.manager().issue(scene.www());

        scene.manager(scene.configured(scene.store)
                        .deployment("reload", certificate -> {
                            throw new IOException("no such service");
                        })
                        .deployment("other", certificate -> {}))
                .deployOwed();
        scene.manager(scene.configured(scene.store).deployment("mistaken", certificate -> {
                    throw new IllegalArgumentException("a mistake");
                }))
                .deployNow(Scene.WWW);

        assertThat(message(await(Level.WARNING, "no such service"))).contains("reload", Scene.WWW);
        assertThat(await(Level.SEVERE, "unexpected error").getThrown()).hasMessage("a mistake");
    }

    @Test
    void aStoreThatCannotBeReadIsLogged() throws Exception {
        scene.manager(scene.configured(TestStores.before("list", scene.store, arguments -> {
                            throw new IOException("the disk is gone");
                        }))
                        .renewalInfo(false))
                .start();

        await(Level.WARNING, "the disk is gone");
    }
}
