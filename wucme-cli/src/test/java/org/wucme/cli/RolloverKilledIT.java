package org.wucme.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.wucme.acme.pki.KeyPairs;
import org.wucme.acme.pki.Pem;
import org.wucme.testing.ca.Endpoint;
import org.wucme.testing.ca.Fault;
import org.wucme.testing.ca.TestCa;

/** A process that is killed while the CA changes the key of its account. */
@Timeout(60)
class RolloverKilledIT {

    private final TestCa ca = TestCa.start().alwaysValid(true);
    private final CompletableFuture<Process> started = new CompletableFuture<>();
    private User user;
    private Path folder;

    @BeforeEach
    void begin(@TempDir Path own) {
        folder = own;
        user = User.of(ca, own).registered();
    }

    @AfterEach
    void end() {
        ca.close();
    }

    private void kill() {
        started.join().destroyForcibly();
        assertThat(started.join()
                        .onExit()
                        .orTimeout(30, TimeUnit.SECONDS)
                        .join()
                        .isAlive())
                .isFalse();
    }

    private void rollOverInAnotherProcess(Fault fault) throws Exception {
        ca.fault(Endpoint.KEY_CHANGE, fault, 1);
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "org.wucme.cli.Wucme",
                        "--here",
                        user.here().toString(),
                        "--ca",
                        ca.directoryUrl(),
                        "--ca-bundle",
                        bundle(),
                        "account",
                        "rollover")
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("output").toFile())
                .start();
        started.complete(process);
        assertThat(process.waitFor(40, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue())
                .as(Files.readString(folder.resolve("output"), StandardCharsets.UTF_8))
                .isEqualTo(128 + 9);
    }

    private String bundle() throws Exception {
        Path bundle = folder.resolve("bundle.pem");
        Files.writeString(bundle, Pem.encode(List.of(ca.tlsRoot())));
        return bundle.toString();
    }

    private String thumbprint() {
        assertThat(ca.accounts()).hasSize(1);
        return ca.accounts().get(0).thumbprint();
    }

    private void requireKeyOfTheCa(User.Run run) throws Exception {
        assertThat(run.exit()).as(run.toString()).isLessThan(2);
        assertThat(user.wucme("account", "show").out()).contains("thumbprint: " + thumbprint());
        assertThat(user.wucme("issue", "b.example", "--force").exit()).isZero();
        assertThat(KeyPairs.read(Files.readString(user.file("WUCME_K_ACCOUNT.PEM"))))
                .isNotNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"issue a.example", "register", "account show", "account rollover", "account update b@c.example"})
    void afterTheCaHasChangedItTheNextCommandGoesOnWithTheNewKey(String next) throws Exception {
        String before = thumbprint();
        rollOverInAnotherProcess(Fault.json(reply -> kill()));
        String after = thumbprint();
        assertThat(after).isNotEqualTo(before);
        assertThat(user.files()).contains("WUCME_K_ACCOUNT.PEM_NEXT");

        User.Run run = user.wucme(next.split(" "));

        assertThat(thumbprint()).isEqualTo(after);
        assertThat(user.files()).doesNotContain("WUCME_K_ACCOUNT.PEM_NEXT");
        requireKeyOfTheCa(run);
    }

    @Test
    void beforeTheCaHasChangedItTheOldKeyStaysAndTheNextRolloverSucceeds() throws Exception {
        String before = thumbprint();
        rollOverInAnotherProcess(Fault.status(503, "text/plain", "").meanwhile(this::kill));

        requireKeyOfTheCa(user.wucme("issue", "a.example"));

        assertThat(thumbprint()).isEqualTo(before);
        requireKeyOfTheCa(user.wucme("account", "rollover"));
        assertThat(thumbprint()).isNotEqualTo(before);
    }

    @Test
    void ordersThatAreMadeMeanwhileDoNotFailWhetherItIsKilledOrNot() throws Exception {
        AtomicBoolean isEnough = new AtomicBoolean();
        String before = thumbprint();
        CompletableFuture<List<User.Run>> orders = CompletableFuture.supplyAsync(() -> {
            List<User.Run> runs = new ArrayList<>();
            while (!isEnough.get()) {
                runs.add(user.wucme("issue", "h" + runs.size() + ".example"));
            }
            return runs;
        });
        try {
            assertThat(user.wucme("account", "rollover").exit()).isZero();
            rollOverInAnotherProcess(Fault.json(reply -> kill()));
            assertThat(user.wucme("account", "rollover").exit()).isZero();
        } finally {
            isEnough.set(true);
        }

        List<User.Run> runs = orders.get(30, TimeUnit.SECONDS);
        assertThat(runs).hasSizeGreaterThan(3).allMatch(run -> run.exit() == 0);
        assertThat(thumbprint()).isNotEqualTo(before);
        assertThat(user.files()).doesNotContain("WUCME_K_ACCOUNT.PEM_NEXT");
    }
}
