package org.wucme.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wucme.acme.AcmeTimeoutException;
import org.wucme.testing.ca.Endpoint;
import org.wucme.testing.ca.Fault;
import org.wucme.testing.ca.TestCa;

class ErrorsTest {

    @Test
    void filesAreNamedWithWhatIsWrong() {
        assertThat(Errors.describe(new NoSuchFileException("/a"))).isEqualTo("/a: there is no such file or folder");
        assertThat(Errors.describe(new AccessDeniedException("/a")))
                .isEqualTo("/a: this user may not read or write it");
        assertThat(Errors.describe(new FileSystemException("/a", null, "Read-only file system")))
                .isEqualTo("/a: Read-only file system");
    }

    @Test
    void aTimeoutSaysThatNothingIsLost() {
        assertThat(Errors.describe(new AcmeTimeoutException("the order took too long", "https://ca.example/1", null)))
                .isEqualTo("the order took too long; the order is kept, and the same command goes on with it");
    }

    @Test
    void anInterruptIsNoError() {
        assertThat(Errors.describe(new InterruptedIOException("sleep"))).isEqualTo("interrupted");
    }

    @Test
    void whoeverDoesNotAnswerInTimeIsNotAnInterrupt() {
        for (IOException late : List.of(
                new SocketTimeoutException("Read timed out"),
                new SocketTimeoutException(),
                new InterruptedIOException("timeout"))) {
            assertThat(Errors.describe(late)).isEqualTo("no answer came in time");
        }
    }

    @Test
    void whatNobodyExpectedIsSaidToBeSo() {
        assertThat(Errors.describe(new IllegalStateException("odd")))
                .isEqualTo("unexpected error: java.lang.IllegalStateException: odd");
        assertThat(Errors.describe(new IOException())).isEqualTo("unexpected error: java.io.IOException");
    }

    @Test
    void whatTheCaWantsAHumanToReadIsShown(@TempDir Path folder) {
        try (TestCa ca = TestCa.start()) {
            User user = User.of(ca, folder).registered();
            ca.fault(
                    Endpoint.NEW_ORDER,
                    Fault.problem(
                            403,
                            "userActionRequired",
                            "The terms have changed",
                            "Link",
                            "<https://example.org/terms-2>;rel=\"terms-of-service\""));

            assertThat(user.wucme("issue", "a.example").err())
                    .contains(
                            "the CA says: The terms have changed; the terms are at https://example.org/terms-2 ",
                            "manage --now");
        }
    }
}
