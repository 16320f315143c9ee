package org.wucme.cli.notify;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wucme.cli.load.Logged;
import org.wucme.manage.ManagerEvent;
import org.wucme.store.ActiveManager;
import org.wucme.store.file.FileStore;

class EventLogTest {

    private static final ManagerEvent ACTIVE = new ManagerEvent.BecameActive();
    private static final ManagerEvent STANDBY = new ManagerEvent.BecameStandby(ActiveManager.UNKNOWN);

    @TempDir
    Path folder;

    private List<String> log(boolean isActive, ManagerEvent... events) throws Exception {
        try (Logged logged = Logged.of(EventLog.class)) {
            EventLog log = new EventLog(FileStore.open(folder), Clock.systemUTC(), isActive);
            for (ManagerEvent event : events) {
                log.accept(event);
            }
            return logged.lines();
        }
    }

    @Test
    void aLongReasonIsLoggedInFull() throws Exception {
        String reason = "the CA says: " + "word ".repeat(100) + "end";

        assertThat(log(true, Samples.failed(reason)))
                .singleElement()
                .satisfies(line -> assertThat(line).contains("not obtained", reason, "not tried again before"));
    }

    @Test
    void aProcessThatStaysActiveDoesNotSayThatItBecomesActive() throws Exception {
        assertThat(log(true, ACTIVE)).isEmpty();
        assertThat(log(false, ACTIVE, ACTIVE)).singleElement().satisfies(EventLogTest::saysActive);
        assertThat(log(true, STANDBY, ACTIVE)).hasSize(2).last().satisfies(EventLogTest::saysActive);
    }

    private static void saysActive(String line) {
        assertThat(line).startsWith("active: this process");
    }
}
