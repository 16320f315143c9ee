package org.wucme.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wucme.cli.notify.Notice;
import org.wucme.cli.notify.Notifier;
import org.wucme.cli.notify.Target;
import org.wucme.manage.Deployment;
import org.wucme.store.StoredCertificate;
import org.wucme.store.file.FileStore;
import org.wucme.testing.ca.TestCa;

class TrialTest {

    private final List<String> lines = new ArrayList<>();

    private StoredCertificate secondOfTwo(Path folder) throws IOException {
        try (TestCa ca = TestCa.start().alwaysValid(true)) {
            User user = User.of(ca, folder).registered();
            user.wucme("issue", "a.example");
            user.wucme("issue", "b.example");
            Files.writeString(user.file("WUCME_R_A_EXAMPLE.JSON"), "{");
            return Trial.certificate(FileStore.open(user.here()));
        }
    }

    @Test
    void aCertificateWithAProblemIsNotTriedAndWhatBreaksEndsTheLoads(@TempDir Path folder) throws Exception {
        Map<String, Deployment> actions = new LinkedHashMap<>();
        actions.put("one", certificate -> lines.add("got " + certificate.name()));
        actions.put("two", certificate -> {
            throw new IllegalStateException("odd");
        });
        actions.put("three", certificate -> lines.add("too far"));

        boolean worked = Trial.notedIn(lines).load(actions, secondOfTwo(folder));

        assertThat(worked).isFalse();
        assertThat(lines)
                .containsExactly(
                        "got B_EXAMPLE",
                        "one: done",
                        "two: unexpected error: java.lang.IllegalStateException: odd",
                        "three: not tried, since one before it failed");
    }

    @Test
    void whereThereIsNoCertificateItSaysWhatToDo(@TempDir Path folder) throws Exception {
        FileStore empty = FileStore.open(folder);

        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> Trial.certificate(empty))
                .withMessageContaining("issue one first");
    }

    /** Takes notices, or fails, and tells when it is closed. */
    private final class Receiver implements Target {

        private final String name;
        private final boolean isWell;

        Receiver(String name, boolean isWell) {
            this.name = name;
            this.isWell = isWell;
        }

        @Override
        public String send(Notice notice) {
            if (!isWell) {
                throw new IllegalStateException("odd");
            }
            return "thanks";
        }

        @Override
        public void close() {
            lines.add(name + " is closed");
        }

        @Override
        public String toString() {
            return name;
        }
    }

    @Test
    void targetsAreAllTriedAndClosedWhateverBreaks() {
        List<Target> targets = List.of(new Receiver("one", false), new Receiver("two", true));

        boolean told = Trial.notedIn(lines).tell(targets, Notifier.test("host", Clock.systemUTC()));

        assertThat(told).isFalse();
        assertThat(lines)
                .containsExactly(
                        "one: unexpected error: java.lang.IllegalStateException: odd",
                        "one is closed",
                        "two: thanks",
                        "two is closed");
    }
}
