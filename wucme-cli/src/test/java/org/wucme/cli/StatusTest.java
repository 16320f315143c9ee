package org.wucme.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wucme.acme.Ca;
import org.wucme.acme.challenge.Lease;
import org.wucme.store.Attempts;
import org.wucme.store.CertificateSpec;
import org.wucme.store.Deployments;
import org.wucme.store.LeaseNames;
import org.wucme.store.RenewalRecord;
import org.wucme.store.file.FileStore;
import org.wucme.testing.ca.TestCa;

class StatusTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final TestCa ca = TestCa.start().alwaysValid(true);
    private User user;

    @BeforeEach
    void begin(@TempDir Path folder) {
        user = User.of(ca, folder).registered();
    }

    @AfterEach
    void end() {
        ca.close();
    }

    @Test
    void allIsWellAfterAnIssuance() {
        user.wucme("issue", "a.example");

        User.Run run = user.wucme("status");

        assertThat(run.exit()).isZero();
        assertThat(run.err()).isEmpty();
        assertThat(run.outLines()).element(0).isEqualTo("Health: ok");
        assertThat(run.outLines()).element(1).asString().startsWith("Manager: none is active");
        assertThat(run.out()).contains("WUCME_C_A_EXAMPLE.PEM");
    }

    @Test
    void withoutACertificateThereIsNothing() throws Exception {
        User.Run run = user.wucme("status");

        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.out()).contains("Health: ok", "There is no certificate here.");
        User.Run json = user.wucme("status", "--json");
        assertThat(json.exit()).isEqualTo(1);
        assertThat(JSON.readTree(json.out()).path("certificates")).isEmpty();
    }

    @Test
    void aMonitorSeesWhatNeedsAttention() throws Exception {
        user.wucme("issue", "a.example");
        Files.writeString(user.file("WUCME_C_BROKEN.PEM"), "frob");

        User.Run run = user.wucme("status");

        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.out()).startsWith("Health: failing\n").containsPattern("(?m)^BROKEN: .+ is not understood");
        User.Run json = user.wucme("status", "--json");
        assertThat(json.exit()).isEqualTo(2);
        JsonNode status = JSON.readTree(json.out());
        assertThat(status.path("health").textValue()).isEqualTo("failing");
        assertThat(status.path("certificates").findValuesAsText("health")).containsExactly("ok", "failing");
    }

    @Test
    void theWordsOfACaDoNotCommandTheTerminal() throws Exception {
        user.wucme("issue", "a.example");
        FileStore store = FileStore.open(user.here());
        RenewalRecord record = RenewalRecord.of(CertificateSpec.builder("a.example")
                        .ca(Ca.of(ca.directoryUrl()))
                        .build())
                .withAttempts(new Attempts(1, "no\u001b[2J\r\nHealth: ok\u202e", List.of(), null, null, null, null))
                .withDeployments(Deployments.NONE.forReplacement(List.of("\u009b31mred")));
        TestWrites.saveRecord(store, "A_EXAMPLE", record);

        for (String command : List.of("status", "certificates")) {
            assertThat(user.wucme(command).out())
                    .contains("A_EXAMPLE: the last attempt failed: no [2J Health: ok")
                    .doesNotContain("\u001b", "\r", "\u202e", "\u009b");
        }
    }

    @Test
    void anActiveManagerIsSeenAndNotDisturbed() throws Exception {
        FileStore store = FileStore.open(user.here());
        try (Lease active = store.lease(LeaseNames.ACTIVE, Duration.ZERO).orElseThrow()) {
            assertThat(user.wucme("status").out()).containsPattern("Manager: active, process \\d+ .*, since \\d{4}-");
        }

        assertThat(user.wucme("status").out()).contains("Manager: none is active");
        assertThat(store.lease(LeaseNames.ACTIVE, Duration.ZERO)).isPresent();
    }

    @Test
    void withoutAStoreItFails(@TempDir Path folder) {
        User.Run run = User.in(folder.resolve("nowhere")).wucme("status");

        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err()).contains("is not a folder");
    }
}
