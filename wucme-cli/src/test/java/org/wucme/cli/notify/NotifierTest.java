package org.wucme.cli.notify;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.wucme.acme.Identifier;
import org.wucme.cli.TestWrites;
import org.wucme.manage.ManagerEvent;
import org.wucme.store.ActiveManager;
import org.wucme.store.CertificateSpec;
import org.wucme.store.RenewalRecord;
import org.wucme.store.file.FileStore;

class NotifierTest {

    private static final Duration HOUR = Duration.ofHours(1);
    private static final Pauses SHORT = new Pauses(Duration.ofMillis(1), Duration.ofMillis(20), HOUR, HOUR);
    private static final Pauses LONG = new Pauses(HOUR, HOUR, Duration.ofDays(1), HOUR);

    /** Takes notices, or does what it is told. */
    private static class Receiver implements Target {

        final BlockingQueue<Notice> received = new LinkedBlockingQueue<>();
        final CountDownLatch tried = new CountDownLatch(1);

        @Override
        public String send(Notice notice) throws IOException {
            tried.countDown();
            received.add(notice);
            return "thanks";
        }

        @Nullable
        Notice next() throws InterruptedException {
            return received.poll(20, TimeUnit.SECONDS);
        }

        @Override
        public String toString() {
            return "receiver";
        }
    }

    /** Fails as often as it is told. */
    private static final class Failing extends Receiver {

        private final IOException failure;
        private int times;

        Failing(int times, IOException failure) {
            this.times = times;
            this.failure = failure;
        }

        @Override
        public synchronized String send(Notice notice) throws IOException {
            tried.countDown();
            if (times > 0) {
                times--;
                throw failure;
            }
            return super.send(notice);
        }
    }

    private static Notifier start(Pauses pauses, Target... targets) {
        return Notifier.start(Samples.notices(), List.of(targets), 1000, pauses);
    }

    private static Notice notice(int number) {
        return Samples.notice(Notice.Event.RENEWED, "A" + number, Samples.NOW);
    }

    @Test
    void whatIsWorthItIsToldToEachTarget() throws Exception {
        Receiver first = new Receiver();
        Receiver second = new Receiver();
        try (Notifier notifier = start(SHORT, first, second)) {
            notifier.accept(new ManagerEvent.AccountRegistered("https://ca", "https://ca/1"));
            notifier.accept(Samples.failed("no"));

            assertThat(first.next()).isEqualTo(Samples.notice(Samples.failed("no")));
            assertThat(second.next()).isEqualTo(Samples.notice(Samples.failed("no")));
        }
    }

    @Test
    void whatItIsAboutComesFromTheStore(@TempDir Path folder) throws Exception {
        FileStore store = FileStore.open(folder);
        Identifier name = Identifier.dns("www.example.org");
        TestWrites.saveRecord(
                store,
                store.nameOf(name),
                RenewalRecord.of(CertificateSpec.builder(List.of(name)).build()));
        Path told = folder.resolve("told");
        String command = "sh -c 'echo \"$WUCME_NAMES\" >>\"$0\"' " + told;
        NotifySettings settings =
                new NotifySettings(Samples.HOST, null, null, null, null, null, null, null, command, 100);
        try (Notifier notifier =
                Notifier.start(settings.host(), store, settings.targets(OkHttpClient::new), 100, Clock.systemUTC())) {
            notifier.accept(new ManagerEvent.Failed(store.nameOf(name), new IOException("no"), null));
            notifier.accept(new ManagerEvent.Failed("NO_SUCH", new IOException("no"), null));
        }
        assertThat(Files.readAllLines(told)).containsExactly("www.example.org", "");
    }

    @Test
    void aTakeoverIsToldButNotTheBeginning() throws Exception {
        Receiver receiver = new Receiver();
        try (Notifier notifier = start(SHORT, receiver)) {
            notifier.accept(new ManagerEvent.BecameActive());
        }
        assertThat(receiver.received).isEmpty();
        try (Notifier notifier = start(SHORT, receiver)) {
            notifier.accept(new ManagerEvent.BecameStandby(ActiveManager.UNKNOWN));
            notifier.accept(new ManagerEvent.BecameActive());
        }
        assertThat(receiver.received).extracting(Notice::event).containsExactly(Notice.Event.TAKEOVER);
    }

    @Test
    void aDeploymentThatWorksIsToldOnlyAfterItFailed() {
        ManagerEvent worked = new ManagerEvent.Deployed(Samples.certificate(), "+");
        Receiver receiver = new Receiver();
        try (Notifier notifier = start(SHORT, receiver)) {
            notifier.accept(worked);
            notifier.accept(new ManagerEvent.DeploymentFailed(
                    Samples.certificate(), "+", new IOException("exit code 7"), Samples.NOW));
            notifier.accept(worked);
            notifier.accept(worked);
        }
        assertThat(receiver.received)
                .extracting(Notice::event)
                .containsExactly(Notice.Event.NOT_LOADED, Notice.Event.LOADED);
        assertThat(receiver.received)
                .last()
                .extracting(Notice::subject)
                .asString()
                .startsWith("www.example.org and 1 more: \"+\" worked at last");
    }

    @Test
    void oneThatIsDownGetsItLaterInOrder() throws Exception {
        Failing receiver = new Failing(7, new IOException("nobody listens"));
        try (Notifier notifier = start(SHORT, receiver)) {
            IntStream.range(0, 3).forEach(i -> notifier.tell(notice(i)));

            assertThat(List.of(receiver.next(), receiver.next(), receiver.next()))
                    .containsExactly(notice(0), notice(1), notice(2));
        }
    }

    @Test
    void oneThatIsDownHoldsUpNoOther() throws Exception {
        Failing down = new Failing(Integer.MAX_VALUE, new IOException("nobody listens"));
        Receiver up = new Receiver();
        try (Notifier notifier = start(LONG, down, up)) {
            notifier.tell(notice(1));

            assertThat(up.next()).isEqualTo(notice(1));
        }
    }

    @Test
    void whatIsRefusedIsNotTriedAgain() throws Exception {
        Failing receiver = new Failing(1, new RefusedException("no such user", null));
        try (Notifier notifier = start(LONG, receiver)) {
            notifier.tell(notice(1));
            notifier.tell(notice(2));

            assertThat(receiver.next()).isEqualTo(notice(2));
        }
    }

    static List<Runnable> mistakes() {
        return List.of(
                () -> {
                    throw new IllegalStateException("a mistake");
                },
                () -> {
                    throw new NoClassDefFoundError("org/example/Gone");
                });
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void aTargetThatIsBrokenIsTriedAgainToo(Runnable mistake) throws Exception {
        Receiver receiver = new Receiver() {
            @Override
            public String send(Notice notice) throws IOException {
                if (tried.getCount() > 0) {
                    tried.countDown();
                    mistake.run();
                }
                return super.send(notice);
            }
        };
        try (Notifier notifier = start(SHORT, receiver)) {
            notifier.tell(notice(1));

            assertThat(receiver.next()).isEqualTo(notice(1));
        }
    }

    @Test
    void whatCannotBeToldForLongIsGivenUp() throws Exception {
        Failing receiver = new Failing(3, new IOException("nobody listens"));
        Pauses impatient = new Pauses(Duration.ofMillis(1), Duration.ofMillis(1), Duration.ofMillis(1), HOUR);
        try (Notifier notifier = start(impatient, receiver)) {
            notifier.tell(notice(1));
            notifier.tell(notice(2));

            assertThat(receiver.next()).isEqualTo(notice(2));
        }
    }

    @Test
    void onlySoManyWaitAndTheOldestGoFirst() throws Exception {
        Failing receiver = new Failing(1, new IOException("nobody listens"));
        try (Notifier notifier = start(LONG, receiver)) {
            notifier.tell(notice(0));
            receiver.tried.await();
            IntStream.rangeClosed(1, Delivery.MOST_WAITING + 5).forEach(i -> notifier.tell(notice(i)));
        }

        // The very first is in hand, not waiting; closing tries everything once more.
        assertThat(receiver.received).hasSize(Delivery.MOST_WAITING + 1);
        assertThat(receiver.received).element(0).isEqualTo(notice(0));
        assertThat(receiver.received).element(1).isEqualTo(notice(6));
    }

    @Test
    void anAlarmWaitsLongerThanAllElse() throws Exception {
        Failing receiver = new Failing(1, new IOException("nobody listens"));
        try (Notifier notifier = start(LONG, receiver)) {
            notifier.tell(notice(0));
            receiver.tried.await();
            IntStream.rangeClosed(1, Delivery.MOST_WAITING + 5).forEach(i -> notifier.tell(alarm(i)));
            notifier.tell(notice(1));
            notifier.tell(alarm(Delivery.MOST_WAITING + 6));
            IntStream.rangeClosed(2, 9).forEach(i -> notifier.tell(notice(i)));
        }

        assertThat(receiver.received).hasSize(Delivery.MOST_WAITING + 1);
        assertThat(receiver.received).element(0).isEqualTo(notice(0));
        assertThat(receiver.received).element(1).isEqualTo(alarm(7));
        assertThat(receiver.received).last().isEqualTo(alarm(Delivery.MOST_WAITING + 6));
    }

    private static Notice alarm(int number) {
        return Samples.notice(Notice.Event.EXPIRES_SOON, "A" + number, Samples.NOW);
    }

    @Test
    void closingGivesWhatWaitsAMoment() {
        Receiver receiver = new Receiver();
        try (Notifier notifier = start(SHORT, receiver)) {
            IntStream.range(0, 50).forEach(i -> notifier.tell(notice(i)));
        }
        assertThat(receiver.received).hasSize(50);
    }

    @Test
    void closingDoesNotWaitForOneThatIsDown() throws Exception {
        Failing receiver = new Failing(Integer.MAX_VALUE, new IOException("nobody listens"));
        try (Notifier notifier = start(LONG, receiver)) {
            notifier.tell(notice(1));
            receiver.tried.await();
        }
        assertThat(receiver.received).isEmpty();
    }

    @Test
    void neitherTellingNorClosingWaitsForOneThatHangs() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        Receiver hanging = new Receiver() {
            @Override
            public String send(Notice notice) throws IOException {
                tried.countDown();
                try {
                    never.await();
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
                return "";
            }
        };
        Receiver other = new Receiver();
        Notifier notifier = start(new Pauses(HOUR, HOUR, HOUR, Duration.ofMillis(50)), hanging, other);
        notifier.tell(notice(1));
        hanging.tried.await();
        notifier.tell(notice(2));

        assertThat(other.next()).isEqualTo(notice(1));
        assertThat(other.next()).isEqualTo(notice(2));
        notifier.close();
    }

    @Test
    void aFloodIsHeldBack() {
        Receiver receiver = new Receiver();
        try (Notifier notifier = Notifier.start(Samples.notices(), List.of(receiver), 3, SHORT)) {
            IntStream.range(0, 50).forEach(i -> notifier.tell(notice(i)));
        }
        assertThat(receiver.received).hasSize(3);
    }
}
