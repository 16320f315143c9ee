package org.wucme.cli.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.wucme.manage.ManagerEvent;
import org.wucme.store.ActiveManager;

class OpeningsTest {

    private static final ManagerEvent ACTIVE = new ManagerEvent.BecameActive();

    private final BlockingQueue<String> tried = new LinkedBlockingQueue<>();
    private volatile boolean isPortFree;

    private String next() throws InterruptedException {
        return Objects.requireNonNull(tried.poll(20, TimeUnit.SECONDS), "nothing was tried");
    }

    private void open() throws IOException {
        boolean isOpen = isPortFree;
        tried.add(isOpen ? "open" : "in use");
        if (!isOpen) {
            throw new IOException("the port is in use");
        }
    }

    @Test
    void whatCannotBeOpenedIsTriedAgainUntilItIsOpenAndThenNoMore() throws Exception {
        try (Openings openings = new Openings(Duration.ofMillis(10))) {
            openings.add(this::open);
            openings.begin();
            openings.accept(ACTIVE);
            assertThat(next()).isEqualTo("in use");
            assertThat(next()).isEqualTo("in use");

            isPortFree = true;

            assertThat(nextOtherThan("in use")).isEqualTo("open");
            openings.accept(ACTIVE);
        }
        assertThat(tried).isEmpty();
    }

    private String nextOtherThan(String known) throws InterruptedException {
        String found = next();
        while (known.equals(found)) {
            found = next();
        }
        return found;
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whoBecomesActiveTriesAtOnceWhetherBeforeOrAfterItBegan(boolean isEarly) throws Exception {
        isPortFree = true;
        try (Openings openings = new Openings(Duration.ofDays(1))) {
            openings.add(this::open);
            if (isEarly) {
                openings.accept(ACTIVE);
                openings.begin();
            } else {
                openings.begin();
                openings.accept(ACTIVE);
            }

            assertThat(next()).isEqualTo("open");
        }
    }

    @Test
    void whoStandsByLeavesThePortToTheOther() throws Exception {
        try (Openings openings = new Openings(Duration.ofDays(1))) {
            openings.add(this::open);
            openings.accept(new ManagerEvent.BecameStandby(ActiveManager.UNKNOWN));
            openings.begin();
        }
        assertThat(tried).isEmpty();
    }
}
