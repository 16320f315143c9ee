package org.wucme.manage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.wucme.store.RecordBuilder;
import org.wucme.store.RenewalRecord;
import org.wucme.store.TestWrites;
import org.wucme.testing.ca.Endpoint;
import org.wucme.testing.ca.Fault;

/** When a CA answers again, the first success ends the backoffs of the others that failed while it was out of service. */
@SuppressWarnings("NullAway.Init")
class OutageTest {

    private static final Fault DOWN = Fault.status(503, "text/html", "<html>down</html>");
    private static final List<String> NAMES = List.of("A_TEST", "B_TEST", "C_TEST");

    @TempDir
    Path folder;

    private Scene scene;

    @BeforeEach
    void open() throws IOException {
        scene = new Scene(folder);
        scene.register();
        for (String name : List.of("a.test", "b.test", "c.test")) {
            scene.manager().issue(scene.wanted(name).build());
        }
        scene.time.advance(Scene.UNTIL_DUE);
    }

    @AfterEach
    void close() throws Exception {
        scene.close();
    }

    private void outage(Fault fault) throws IOException {
        scene.ca.fault(Endpoint.NEW_ORDER, fault, 100_000);
        for (int i = 0; i < 4; i++) {
            assertThat(scene.manager().renewDue()).hasOnlyElementsOfType(Outcome.Failed.class);
            scene.time.advance(Duration.ofHours(2));
        }
        scene.ca.clearFaults();
        for (String name : NAMES) {
            assertThat(scene.record(name).attempts().unreachableCa()).isEqualTo(scene.ca.directoryUrl());
        }
    }

    private void tryNext(String name) throws IOException {
        TestWrites.saveRecord(
                scene.store,
                name,
                RecordBuilder.of(scene.record(name)).nextAttempt(null).build());
    }

    @ParameterizedTest
    @ValueSource(strings = {"A_TEST", "B_TEST", "C_TEST"})
    void whicheverIsTriedFirstReleasesTheOthersInTheSameRun(String first) throws IOException {
        outage(DOWN);
        tryNext(first);

        assertThat(scene.manager().renewDue()).hasOnlyElementsOfType(Outcome.Obtained.class);
    }

    @Test
    void theSameAfterConnectionsWereCut() throws IOException {
        outage(Fault.resetBefore());
        tryNext("A_TEST");

        assertThat(scene.manager().renewDue()).hasOnlyElementsOfType(Outcome.Obtained.class);
    }

    @Test
    void aManagerThatRunsReleasesThemToo() throws Exception {
        outage(DOWN);
        tryNext("B_TEST");
        BlockingQueue<ManagerEvent> renewed = new LinkedBlockingQueue<>();

        scene.manager(scene.configured(scene.store).renewalInfo(false).listener(event -> {
                    if (event instanceof ManagerEvent.Renewed) {
                        renewed.add(event);
                    }
                }))
                .start();

        for (int i = 0; i < NAMES.size(); i++) {
            assertThat(renewed.poll(30, TimeUnit.SECONDS)).isNotNull();
        }
    }

    @Test
    void whatFailedForAnotherReasonOrAtAnotherCaStaysAsItIs() throws IOException {
        outage(DOWN);
        tryNext("A_TEST");
        RenewalRecord refused =
                RecordBuilder.of(scene.record("B_TEST")).unreachableCa(null).build();
        RenewalRecord elsewhere = RecordBuilder.of(scene.record("C_TEST"))
                .unreachableCa("https://other.example/directory")
                .build();
        TestWrites.saveRecord(scene.store, "B_TEST", refused);
        TestWrites.saveRecord(scene.store, "C_TEST", elsewhere);

        scene.manager().renewDue();

        assertThat(scene.record("A_TEST").attempts().failures()).isZero();
        assertThat(scene.record("B_TEST")).isEqualTo(refused);
        assertThat(scene.record("C_TEST")).isEqualTo(elsewhere);
    }

    @Test
    void aRefusalIsNoOutage() throws IOException {
        scene.ca.block("a.test");
        scene.ca.fault(Endpoint.NEW_ORDER, Fault.problem(429, "rateLimited", "slow down", "Retry-After", "0"), 100_000);
        scene.manager().renewDue();

        for (String name : NAMES) {
            assertThat(scene.record(name).attempts().unreachableCa()).isNull();
            assertThat(scene.record(name).attempts().nextAttempt()).isAfter(scene.time.instant());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "-86400", "soon", "Thu, 01 Jan 1970 00:00:00 GMT", "99999999999999999999"})
    void whateverTheCaAsksForThereIsABackoffAndItEnds(String retryAfter) throws IOException {
        for (Fault fault : List.of(
                Fault.status(503, "text/html", "down", "Retry-After", retryAfter),
                Fault.problem(429, "rateLimited", "slow down", "Retry-After", retryAfter))) {
            scene.ca.clearFaults();
            scene.ca.fault(Endpoint.NEW_ORDER, fault, 100_000);
            scene.manager().renewDue();

            assertThat(scene.record("A_TEST").attempts().nextAttempt())
                    .isBetween(
                            scene.time.instant().plusSeconds(30),
                            scene.time.instant().plus(Duration.ofDays(8)));
            scene.time.advance(Duration.ofDays(9));
        }
    }
}
