package org.wucme.manage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.wucme.acme.pki.Pem;
import org.wucme.store.StoredCertificate;
import org.wucme.store.file.FileStore;
import org.wucme.testing.ChildJvm;
import org.wucme.testing.ca.TestCa;

/** Two processes that manage one store; the active one is killed, again and again. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
@SuppressWarnings("NullAway.Init")
class TakeoverIT {

    private static final List<String> MOMENTS =
            List.of("OrderCreated", "IdentifierValidated", "OrderFinalized", ManagingChild.DEPLOYMENT, "none");
    // A standby tries every second; the rest is for a machine that is busy.
    private static final Duration SECONDS = Duration.ofSeconds(15);

    @TempDir
    Path temporary;

    private final Deque<Manager> running = new ArrayDeque<>();
    private TestCa ca;
    private Path store;
    private ChildJvm jvm;

    @BeforeEach
    void startCa() throws Exception {
        ca = TestCa.start()
                .alwaysValid(true)
                .certificateLifetime(Duration.ofSeconds(5))
                .certificateAge(Duration.ZERO);
        store = temporary.resolve("store");
        Files.writeString(temporary.resolve("root.pem"), Pem.encode(List.of(ca.tlsRoot())));
        jvm = ChildJvm.prepare(temporary, ManagingChild.class, arguments(ManagingChild.ONCE));
    }

    @AfterEach
    void end() {
        running.forEach(manager -> manager.process.destroyForcibly());
        ca.close();
    }

    private String[] arguments(String moment) {
        return new String[] {
            store.toString(), ca.directoryUrl(), temporary.resolve("root.pem").toString(), moment
        };
    }

    @Test
    void whenTheActiveIsKilledTheOtherTakesOverAndNothingIsOrderedTwice() throws Exception {
        start(MOMENTS.get(0)).await("active");
        Duration longest = Duration.ZERO;
        for (int i = 1; i < MOMENTS.size(); i++) {
            Manager standby = start(MOMENTS.get(i));
            Manager active = running.getFirst();
            standby.await("standby behind " + active.process.pid());
            active.await("at " + MOMENTS.get(i - 1));

            running.removeFirst().process.destroyForcibly();
            long killed = System.nanoTime();
            standby.await("active");

            Duration took = Duration.ofNanos(System.nanoTime() - killed);
            longest = took.compareTo(longest) > 0 ? took : longest;
        }
        ca.certificateLifetime(Duration.ofHours(1));
        do {
            running.getFirst().await("Deployed");
        } while (!isAtRest());
        running.getFirst().process.destroyForcibly().waitFor();

        System.out.println((MOMENTS.size() - 1) + " managers killed, "
                + ca.orders().size() + " orders; the longest takeover took " + longest.toMillis() + " ms");
        assertThat(longest).isLessThan(SECONDS);
        assertThat(ca.accounts()).hasSize(1);
        assertThat(ca.orders()).hasSameSizeAs(ca.certificates()).hasSizeGreaterThan(MOMENTS.size());
        assertThat(stored()).containsExactlyInAnyOrderElementsOf(ca.certificates());
    }

    /** Whether the certificate that lives long is there, and nothing is owed. */
    private boolean isAtRest() throws IOException {
        StoredCertificate stored = FileStore.open(store).list().get(0);
        return Scene.leaf(stored)
                        .getNotAfter()
                        .toInstant()
                        .isAfter(Instant.now().plus(Duration.ofMinutes(1)))
                && Objects.requireNonNull(stored.renewal())
                        .deployments()
                        .pending()
                        .isEmpty();
    }

    /** What is served, and all backups. */
    private Collection<X509Certificate> stored() throws IOException {
        List<X509Certificate> leaves = new ArrayList<>();
        try (Stream<Path> files = Files.list(store)) {
            for (Path file : files.toList()) {
                if (String.valueOf(file.getFileName()).startsWith("WUCME_C_")) {
                    leaves.add(Pem.certificates(Files.readString(file)).get(0));
                }
            }
        }
        return leaves;
    }

    private Manager start(String moment) throws IOException {
        Manager manager = new Manager(jvm.start(ManagingChild.class, arguments(moment)));
        running.addLast(manager);
        return manager;
    }

    /** A child, and what it says. */
    private static final class Manager {
        private final Process process;
        private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

        Manager(Process process) {
            this.process = process;
            Thread reader = new Thread(this::read, "output of " + process.pid());
            reader.setDaemon(true);
            reader.start();
        }

        private void read() {
            try (BufferedReader output = process.inputReader()) {
                output.lines().forEach(lines::add);
            } catch (IOException | UncheckedIOException e) {
                lines.add("killed");
            }
        }

        void await(String begin) throws InterruptedException {
            List<String> seen = new ArrayList<>();
            while (true) {
                String line = lines.poll(30, TimeUnit.SECONDS);
                seen.add(Objects.requireNonNull(line, () -> "no \"" + begin + "\" after " + seen));
                if (line.startsWith(begin)) {
                    return;
                }
            }
        }
    }
}
