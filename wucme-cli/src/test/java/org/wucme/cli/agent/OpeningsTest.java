package org.wucme.cli.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.wucme.manage.ManagerEvent;
import org.wucme.store.ActiveManager;

class OpeningsTest {

    private static final String HERE = "www1";
    private static final ManagerEvent ACTIVE = new ManagerEvent.BecameActive();

    private final BlockingQueue<String> tried = new LinkedBlockingQueue<>();
    private volatile boolean isPortFree;

    private String next() throws InterruptedException {
        return Objects.requireNonNull(tried.poll(20, TimeUnit.SECONDS), "nothing was tried");
    }

    /** Its port is not always free. */
    private final class Port implements Opening {

        @Override
        public void open() throws IOException {
            boolean isOpen = isPortFree;
            tried.add(isOpen ? "open" : "in use");
            if (!isOpen) {
                throw new IOException("the port is in use");
            }
        }

        @Override
        public boolean leave() {
            tried.add("left");
            return true;
        }
    }

    private void openOther() throws IOException {
        tried.add("other");
        throw new IOException("never");
    }

    private static ManagerEvent standby(@Nullable String host) {
        return new ManagerEvent.BecameStandby(new ActiveManager(host, 1L, null));
    }

    @Test
    void whatCannotBeOpenedIsTriedAgainUntilItIsOpenAndThenNoMore() throws Exception {
        try (Openings openings = new Openings(HERE, Duration.ofMillis(10))) {
            openings.add(new Port());
            openings.begin();
            openings.accept(ACTIVE);
            assertThat(next()).isEqualTo("in use");
            assertThat(next()).isEqualTo("in use");

            isPortFree = true;

            assertThat(nextOtherThan("in use")).isEqualTo("open");
            openings.add(this::openOther);
            assertThat(List.of(next(), next(), next())).containsOnly("other");
        }
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
        try (Openings openings = new Openings(HERE, Duration.ofDays(1))) {
            openings.add(new Port());
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

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = HERE)
    void whoStandsByLeavesThePortToTheOtherUntilItBecomesActive(@Nullable String where) throws Exception {
        isPortFree = true;
        try (Openings openings = new Openings(HERE, Duration.ofMillis(10))) {
            openings.add(new Port());
            openings.begin();
            openings.accept(standby(where));
            assertThat(next()).isEqualTo("left");
            openings.accept(standby(where));
            assertThat(next()).isEqualTo("left");

            openings.accept(ACTIVE);

            assertThat(next()).isEqualTo("open");
        }
    }

    @Test
    void aPortOfThisMachineIsNotLeftToAnother() throws Exception {
        isPortFree = true;
        try (Openings openings = new Openings(HERE, Duration.ofDays(1))) {
            openings.add(new Port());
            openings.accept(ACTIVE);
            assertThat(next()).isEqualTo("open");

            openings.accept(standby("www2"));
            openings.add(this::openOther);
            openings.accept(ACTIVE);

            assertThat(next()).isEqualTo("other");
        }
    }
}
