package org.wucme.manage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wucme.store.CertificateStore;

/** An alarm for the same reason is raised once a day, whichever manager of a store raises it. */
class AlarmsTest {

    private static final ManagerEvent ALARM =
            new ManagerEvent.Alarm("A_TEST", ManagerEvent.Reason.EXPIRES_SOON, "it ends soon");

    @TempDir
    Path folder;

    private final List<ManagerEvent> events = new CopyOnWriteArrayList<>();
    private Scene scene;

    @BeforeEach
    void begin() throws IOException {
        scene = new Scene(folder);
    }

    @AfterEach
    void end() throws Exception {
        scene.close();
    }

    private Alarms alarms(CertificateStore store) {
        return new Alarms(events::add, store, scene.time);
    }

    @Test
    void hourlyRunsRaiseItOnceADay() throws Exception {
        Files.writeString(folder.resolve("WUCME_C_A_TEST.PEM"), "frob");

        for (int hour = 0; hour < 48; hour++) {
            try (CertificateManager manager =
                    scene.configured(scene.store).listener(events::add).build()) {
                manager.renewDue();
            }
            scene.time.advance(Duration.ofHours(1));
        }

        assertThat(events).hasSize(2).hasOnlyElementsOfType(ManagerEvent.Alarm.class);
    }

    @Test
    void ofTwoManagersTheSecondRaisesItWhenADayHasPassedSinceTheFirst() {
        Alarms first = alarms(scene.store);
        Alarms second = alarms(scene.store);

        first.accept(ALARM);
        scene.time.advance(Duration.ofHours(23));
        second.accept(ALARM);
        assertThat(events).hasSize(1);

        scene.time.advance(Duration.ofHours(1));
        second.accept(ALARM);
        assertThat(events).hasSize(2);
    }

    @Test
    void plansThatFindTheSameAlarmDoNotAskTheStoreEachTime() {
        List<Object[]> questions = new CopyOnWriteArrayList<>();
        Alarms alarms = alarms(TestStores.before("firstAlarm", scene.store, questions::add));
        for (int i = 0; i < 100; i++) {
            alarms.accept(ALARM);
            scene.time.advance(Duration.ofSeconds(5));
        }
        assertThat(questions).hasSize(1);
    }

    @Test
    void itIsRaisedAlsoWhereItCannotBeNoted() {
        Alarms alarms = alarms(TestStores.before("firstAlarm", scene.store, arguments -> {
            throw new IOException("no space left on device");
        }));

        alarms.accept(ALARM);
        scene.time.advance(Duration.ofHours(1));
        alarms.accept(ALARM);

        assertThat(events).containsExactly(ALARM);
    }
}
