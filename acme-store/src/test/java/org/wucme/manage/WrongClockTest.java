package org.wucme.manage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wucme.acme.AcmeClockException;
import org.wucme.testing.ca.Endpoint;

/** A clock that is far from the CA's is an alarm, and no reason to order. */
class WrongClockTest {

    @TempDir
    Path folder;

    private Scene scene;
    private final List<ManagerEvent> events = new CopyOnWriteArrayList<>();

    @BeforeEach
    void open() throws IOException {
        scene = new Scene(folder);
        scene.register();
    }

    @AfterEach
    void close() throws Exception {
        scene.close();
    }

    @Test
    void aRenewalThatAWrongClockCallsDueIsNotOrdered() throws IOException {
        scene.manager().issue(scene.www());
        scene.ca.clearLog();
        // Our clock alone.
        scene.time.advance(Scene.UNTIL_DUE);
        scene.ca.clockSkew(Scene.UNTIL_DUE.negated());
        CertificateManager manager =
                scene.manager(scene.configured(scene.store).renewalInfo(false).listener(events::add));

        List<Outcome> outcomes = manager.renewDue();
        manager.close();

        assertThat(outcomes)
                .singleElement()
                .isInstanceOfSatisfying(
                        Outcome.Failed.class,
                        failed -> assertThat(failed.cause()).isInstanceOf(AcmeClockException.class));
        assertThat(scene.ca.count(Endpoint.NEW_ORDER)).isZero();
        assertThat(events)
                .filteredOn(ManagerEvent.Alarm.class::isInstance)
                .map(ManagerEvent.Alarm.class::cast)
                .extracting(ManagerEvent.Alarm::reason)
                .contains(ManagerEvent.Reason.WRONG_CLOCK);
        Instant next = Objects.requireNonNull(scene.record(Scene.WWW).attempts().nextAttempt());
        assertThat(Duration.between(scene.time.instant(), next)).isLessThanOrEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void aRehearsalNoticesItToo() {
        scene.ca.clockSkew(Duration.ofDays(1_000));

        assertThatThrownBy(() -> scene.manager().rehearse(scene.www())).isInstanceOf(AcmeClockException.class);
    }
}
