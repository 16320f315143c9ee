package org.wucme.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wucme.testing.ca.TestCa;

/** The agent's pages, in the place of wµCME's. */
class AgentReportIT {

    private record Page(int status, String body) {}

    private static Page page(String method, String url) throws IOException {
        HttpURLConnection connection =
                (HttpURLConnection) URI.create(url).toURL().openConnection();
        connection.setRequestMethod(method);
        int status = connection.getResponseCode();
        try (InputStream body = status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
            return new Page(status, new String(body.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    @Test
    void itsChecksTryWhatIsConfiguredAndItsLogIsThere(@TempDir Path folder) throws Exception {
        Path loads = folder.resolve("loads");
        try (TestCa ca = TestCa.start().alwaysValid(true)) {
            User user = User.of(ca, folder).registered();
            assertThat(user.wucme("issue", "no-such-host.invalid").exit()).isZero();
            try (AgentProcess agent = AgentProcess.start(
                    user, "--load", "/bin/sh -c 'echo $WUCME_EVENT >>" + loads + "'", "--load", "/bin/false")) {
                agent.await("active:");
                // With the certificate that is there; what is checked comes after it.
                agent.await(": load succeeded: ");
                String checks = agent.reportUrl() + "admin/check/";

                Page found = page("POST", checks + "ca");
                assertThat(found.status()).isEqualTo(200);
                assertThat(found.body()).contains("The CA answers: " + ca.directoryUrl());
                Page notReachable = page("POST", checks + "challenge");
                assertThat(notReachable.status()).isEqualTo(503);
                assertThat(notReachable.body()).contains("no-such-host.invalid: the name does not resolve here");
                Page loaded = page("POST", checks + "load");
                assertThat(loaded.status()).isEqualTo(503);
                assertThat(loaded.body()).contains("NO-SUCH-HOST_INVALID.PEM:", ": done", "/bin/false: ");
                assertThat(Files.readAllLines(loads)).containsExactly("load", "check");
                assertThat(page("POST", checks + "mail").body()).contains("Nothing is configured");
                assertThat(page("POST", checks + "opcom").body()).contains("Nothing is configured");

                assertThat(page("GET", agent.reportUrl() + "admin/log").body())
                        .contains("active: this process takes care of the certificates");
                assertThat(page("GET", agent.reportUrl() + "metrics").body()).contains("wucme_manager_active 1");
            }
        }
    }
}
