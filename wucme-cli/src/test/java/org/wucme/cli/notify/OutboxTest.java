package org.wucme.cli.notify;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wucme.manage.ManagerEvent;
import org.wucme.store.file.FileStore;

/** What a process could not deliver, the next one does; what it has told, the next one does not tell again. */
class OutboxTest {

    private static final Duration HOUR = Duration.ofHours(1);
    private static final Pauses PAUSES = new Pauses(HOUR, HOUR, Duration.ofDays(1), HOUR);

    @TempDir
    Path folder;

    private FileStore store;
    private final Receiver receiver = new Receiver(NotifyingChild.TARGET);

    @BeforeEach
    void open() throws Exception {
        store = FileStore.open(Files.createDirectory(folder.resolve("here")));
    }

    private static final class Receiver implements Target {

        final Queue<Notice> received = new ConcurrentLinkedQueue<>();
        final CountDownLatch tried = new CountDownLatch(1);
        private final String name;
        private volatile boolean isDown;

        Receiver(String name) {
            this.name = name;
        }

        @Override
        public String send(Notice notice) throws IOException {
            tried.countDown();
            if (isDown) {
                throw new IOException("no route to host");
            }
            received.add(notice);
            return "thanks";
        }

        List<String> certificates() {
            return received.stream().map(Notice::certificate).toList();
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private Notifier start(Target... targets) {
        return Notifier.start(Samples.HOST, store, List.of(targets), 1000, Clock.systemUTC(), PAUSES);
    }

    private static ManagerEvent failed(String certificate) {
        return new ManagerEvent.Failed(certificate, new IOException("no"), null);
    }

    private static Notice notice(String certificate, Instant time) {
        return Samples.notice(Notice.Event.RENEWED, certificate, time);
    }

    @Test
    void theNextProcessDeliversWhatWasNotInOrderAndOnce() throws Exception {
        receiver.isDown = true;
        for (int run = 0; run < 3; run++) {
            try (Notifier notifier = start(receiver)) {
                notifier.accept(failed("A" + run));
                notifier.accept(failed("B" + run));
            }
        }
        receiver.isDown = false;
        for (int run = 0; run < 2; run++) {
            try (Notifier notifier = start(receiver)) {
                notifier.accept(failed("C" + run));
            }
        }

        assertThat(receiver.certificates()).containsExactly("A0", "B0", "A1", "B1", "A2", "B2", "C0", "C1");
        assertThat(Outboxes.in(store.path())).isEmpty();
    }

    @Test
    void itArrivesAsItWas() throws Exception {
        receiver.isDown = true;
        Notice notice = Samples.notice(Samples.failed("no \"x\"\n\u0007 ü"));
        try (Outbox outbox = Outbox.open(store.path(), Samples.NOW)) {
            outbox.add("x", notice);
        }
        try (Outbox outbox = Outbox.open(store.path(), Samples.NOW)) {
            assertThat(outbox.waitingFor("x")).extracting(Outbox.Entry::notice).containsExactly(notice);
        }
    }

    @Test
    void whatAKilledProcessDidNotDeliverIsDeliveredAndWhatALivingOneHasIsNot() throws Exception {
        Process child = startChild();
        try {
            assertThat(child.inputReader().readLine()).isEqualTo("tried");
            start(receiver).close();
            assertThat(receiver.received).isEmpty();
        } finally {
            child.destroyForcibly().waitFor();
        }

        start(receiver).close();
        start(receiver).close();

        assertThat(receiver.certificates()).containsExactly("A", "B");
    }

    private Process startChild() throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        NotifyingChild.class.getName(),
                        store.path().toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    @Test
    void whatIsDoneIsNotDeliveredAgainAfterAKill() throws Exception {
        try (Outbox outbox = Outbox.open(store.path(), Samples.NOW)) {
            Outbox.Entry first = outbox.add("x", notice("A", Samples.NOW));
            outbox.add("x", notice("B", Samples.NOW));
            outbox.remove(first);
        }
        Path file = Outboxes.in(store.path()).get(0);
        // As by a process that was killed while it wrote.
        Files.writeString(file, Files.readString(file) + "{\"id\":9,\"target\":\"x\",\"noti");

        try (Outbox outbox = Outbox.open(store.path(), Samples.NOW)) {
            assertThat(outbox.waitingFor("x"))
                    .extracting(entry -> entry.notice().certificate())
                    .containsExactly("B");
        }
    }

    @Test
    void aTargetThatIsNotConfiguredNowKeepsItsNotices() throws Exception {
        receiver.isDown = true;
        try (Notifier notifier = start(receiver)) {
            notifier.accept(failed("A"));
        }
        Receiver other = new Receiver("other");
        start(other).close();
        receiver.isDown = false;
        start(receiver).close();

        assertThat(other.received).isEmpty();
        assertThat(receiver.certificates()).containsExactly("A");
    }

    @Test
    void targetsThatLookTheSameHaveTheirOwn() throws Exception {
        Receiver second = new Receiver(NotifyingChild.TARGET);
        second.isDown = true;
        try (Notifier notifier = start(receiver, second)) {
            notifier.accept(failed("A"));
        }
        second.isDown = false;
        start(receiver, second).close();

        assertThat(receiver.certificates()).containsExactly("A");
        assertThat(second.certificates()).containsExactly("A");
    }

    @Test
    void whatIsOldIsDropped() throws Exception {
        Instant later = Samples.NOW.plus(Outbox.MAX_AGE);
        try (Outbox outbox = Outbox.open(store.path(), Samples.NOW)) {
            outbox.add("x", notice("OLD", Samples.NOW));
            outbox.add("x", notice("NEW", later));
        }
        try (Outbox outbox = Outbox.open(store.path(), later.plusSeconds(1))) {
            assertThat(outbox.waitingFor("x"))
                    .extracting(entry -> entry.notice().certificate())
                    .containsExactly("NEW");
        }
    }

    @Test
    void itIsBounded() throws Exception {
        for (int run = 0; run < 3; run++) {
            try (Outbox outbox = Outbox.open(store.path(), Samples.NOW)) {
                int first = run * 60;
                IntStream.range(first, first + 60).forEach(i -> outbox.add("x", notice("A" + i, Samples.NOW)));
            }
        }
        try (Outbox outbox = Outbox.open(store.path(), Samples.NOW)) {
            List<Outbox.Entry> waiting = outbox.waitingFor("x");
            assertThat(waiting).hasSize(Delivery.MOST_WAITING);
            assertThat(waiting.get(99).notice().certificate()).isEqualTo("A179");
        }
    }

    @Test
    void manyNoticesWhileOneWaitsDoNotFillTheDisk() throws Exception {
        try (Outbox outbox = Outbox.open(store.path(), Samples.NOW)) {
            outbox.add("down", notice("WAITS", Samples.NOW));
            for (int i = 0; i < 20_000; i++) {
                outbox.remove(outbox.add("up", notice("A" + i, Samples.NOW)));
            }
            assertThat(Outboxes.in(store.path()))
                    .singleElement()
                    .satisfies(file -> assertThat(Files.size(file)).isLessThan(2 << 20));
        }
        try (Outbox outbox = Outbox.open(store.path(), Samples.NOW)) {
            assertThat(outbox.waitingFor("down")).hasSize(1);
            assertThat(outbox.waitingFor("up")).isEmpty();
        }
    }

    @Test
    void onlyTheOwnerReadsIt() throws Exception {
        try (Outbox outbox = Outbox.open(store.path(), Samples.NOW)) {
            outbox.add("x", notice("A", Samples.NOW));
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(
                            Outboxes.in(store.path()).get(0))))
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void anInterruptLosesNothing() throws Exception {
        try (Outbox outbox = Outbox.open(store.path(), Samples.NOW)) {
            outbox.add("x", notice("A", Samples.NOW));
            Thread.currentThread().interrupt();
            outbox.add("x", notice("B", Samples.NOW));
            assertThat(Thread.interrupted()).isTrue();
            outbox.add("x", notice("C", Samples.NOW));
        }
        try (Outbox outbox = Outbox.open(store.path(), Samples.NOW)) {
            assertThat(outbox.waitingFor("x"))
                    .extracting(entry -> entry.notice().certificate())
                    .containsExactly("A", "B", "C");
        }
    }

    @Test
    void withoutAPlaceForItNoticesAreDeliveredAllTheSame() throws Exception {
        Files.delete(store.path());
        try (Notifier notifier = start(receiver)) {
            notifier.accept(failed("A"));
            notifier.accept(failed("A"));
            notifier.accept(failed("B"));
        }
        assertThat(receiver.certificates()).containsExactly("A", "B");
    }

    @Test
    void anAlarmIsToldOnceADayAlsoByProcessesThatStartEachHour() throws Exception {
        Notice alarm = new Notice(
                Notice.Event.REFUSED,
                "A",
                List.of(),
                List.of(),
                "refused",
                "why",
                List.of(),
                Samples.NOW,
                Samples.HOST);
        int told = 0;
        for (int hour = 0; hour < 48; hour++) {
            Notice now = new Notice(
                    alarm.event(),
                    alarm.certificate(),
                    List.of(),
                    List.of(),
                    alarm.title(),
                    alarm.reason(),
                    List.of(),
                    Samples.NOW.plus(Duration.ofHours(hour)),
                    alarm.host());
            told += new ToldFile(store.path(), 100).admit("x", now).isPresent() ? 1 : 0;
        }
        // An hour less than a day, so that a daily alarm is sent each day.
        assertThat(told).isEqualTo(3);
    }

    @Test
    void aRecoveryIsToldByTheNextProcessWithWhatWasLeftOut() throws Exception {
        new ToldFile(store.path(), 1).admit("x", Samples.notice(Notice.Event.FAILED, "A", Samples.NOW));
        ToldFile second = new ToldFile(store.path(), 1);
        assertThat(second.admit("x", Samples.notice(Notice.Event.FAILED, "A", Samples.NOW.plusSeconds(60))))
                .isEmpty();
        assertThat(second.admit("y", Samples.notice(Notice.Event.FAILED, "A", Samples.NOW)))
                .isPresent();
        assertThat(new ToldFile(store.path(), 1).admit("x", notice("A", Samples.NOW.plusSeconds(120))))
                .isPresent();
    }

    @Test
    void aFileOfWhatWasToldThatIsDamagedIsReplaced() throws Exception {
        Path file = store.path().resolve(ToldFile.FILE_NAME);
        for (String damaged : List.of(
                "",
                "x",
                "[]",
                "{\"version\":1,\"targets\":{\"x\":{\"latest\":[7,{\"event\":\"?\"}],\"alarms\":[1]}}}")) {
            Files.writeString(file, damaged);
            Notice notice = Samples.notice(Notice.Event.FAILED, "A", Samples.NOW);
            assertThat(new ToldFile(store.path(), 9).admit("x", notice))
                    .as(damaged)
                    .isPresent();
            assertThat(new ToldFile(store.path(), 9).admit("x", notice))
                    .as(damaged)
                    .isEmpty();
        }
    }
}
