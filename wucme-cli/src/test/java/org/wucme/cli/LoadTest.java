package org.wucme.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.wucme.acme.challenge.Lease;
import org.wucme.acme.internal.files.ProcessUser;
import org.wucme.manage.CertificateManager;
import org.wucme.manage.Deployment;
import org.wucme.store.LeaseNames;
import org.wucme.store.RenewalRecord;
import org.wucme.store.file.FileStore;
import org.wucme.testing.ca.TestCa;

class LoadTest {

    private static final String FILE = "WUCME_C_A_EXAMPLE.PEM";

    private final TestCa ca = TestCa.start().alwaysValid(true);
    private Path folder = Path.of("");
    private User user = User.in(folder);
    private Path seen = folder;

    @BeforeEach
    void begin(@TempDir Path temporary) {
        folder = temporary;
        user = User.of(ca, temporary).registered();
        seen = temporary.resolve("seen");
    }

    @AfterEach
    void end() {
        ca.close();
    }

    private String noting(String word) {
        return "sh -c 'echo " + word + " $WUCME_EVENT $WUCME_NAMES >>" + seen + "'";
    }

    private RenewalRecord record() throws IOException {
        return Objects.requireNonNull(
                FileStore.open(user.here()).load("A_EXAMPLE").orElseThrow().renewal());
    }

    @Test
    void issueCarriesOutTheActionsInTheirOrder() throws Exception {
        String load = "+\n" + noting("one") + "\n" + noting("two");

        User.Run run = user.with("WUCME_LOAD", load).wucme("issue", "a.example");

        assertThat(run.exit()).isZero();
        assertThat(run.err()).isEmpty();
        String begin = user.file(FILE) + ": ";
        assertThat(run.out())
                .contains(begin + "+: done\n", begin + noting("one") + ": done\n", begin + noting("two") + ": done\n");
        assertThat(seen).hasContent("one load a.example\ntwo load a.example\n");
        assertThat(record().deployments().pending()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"issue a.example", "agent", "check load", "manage"})
    void aProgramThatAnotherUserCanChangeIsRefusedToRootBeforeAnythingIsDone(String words) throws Exception {
        assumeTrue(ProcessUser.isRoot());
        Path program = Files.copy(Path.of("/bin/true"), folder.resolve("reload"));
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xrwx"));

        User.Run run = user.with("WUCME_LOAD", program.toString()).wucme(words.split(" ", -1));

        assertThat(run.exit()).isEqualTo(ExitCode.FAILED);
        assertThat(run.err()).contains("is refused", program + " can be written by all users");
        assertThat(ca.orders()).isEmpty();
    }

    @Test
    void doctorNamesAProgramThatRootRefuses() throws Exception {
        assumeTrue(ProcessUser.isRoot());
        Path program = Files.copy(Path.of("/bin/true"), folder.resolve("reload"));
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xrwx"));

        assertThat(user.with("WUCME_LOAD", program.toString())
                        .wucme("doctor", "localhost")
                        .out())
                .containsPattern("PROBLEM  load +the load action \"" + program + "\" is refused: ");
    }

    @Test
    void theShellsOwnVariablesAreLeftToTheShell() throws Exception {
        Files.writeString(
                user.file("WUCME.CONF"), "WUCME_LOAD=\"/bin/sh -c 'echo ${WUCME_EVENT} a$$ >>" + seen + "'\"\n");

        User.Run run = user.wucme("issue", "a.example");

        assertThat(run.exit()).as(run.toString()).isZero();
        assertThat(Files.readString(seen)).matches("load a[0-9]+\n");
    }

    @Test
    void whatFailsIsSaidAndStaysOwed() throws Exception {
        User.Run run =
                user.wucme("issue", "a.example", "--load", "sh -c 'echo no disk; exit 3'", "--load", noting("two"));

        assertThat(run.exit()).isEqualTo(ExitCode.FAILED);
        assertThat(run.out()).contains(": obtained for a.example").doesNotContain(": done");
        assertThat(run.err())
                .startsWith("wucme: " + user.file(FILE)
                        + ": sh -c 'echo no disk; exit 3': sh ended with exit code 3: no disk; ")
                .contains("tried again")
                .hasLineCount(1);
        assertThat(seen).doesNotExist();
        assertThat(record().deployments().pending()).containsExactly("sh -c 'echo no disk; exit 3'", noting("two"));
    }

    @Test
    void anErrorIsSaidAsAnyOtherFailure() throws Exception {
        user.wucme("issue", "a.example");
        StringWriter err = new StringWriter();
        Deployment broken = certificate -> {
            throw new NoClassDefFoundError("org/example/Gone");
        };
        ShownLoads shown = new ShownLoads(
                Map.of("broken", broken), new PrintWriter(PrintWriter.nullWriter()), new PrintWriter(err, true));
        CertificateManager.Builder builder = CertificateManager.builder(FileStore.open(user.here()));
        shown.addTo(builder);

        try (CertificateManager manager = builder.build()) {
            manager.deployNow("A_EXAMPLE");
        }

        assertThat(shown.failed()).isEqualTo(1);
        assertThat(err.toString()).contains(": broken: unexpected error: java.lang.NoClassDefFoundError");
    }

    @Test
    void manageCarriesThemOutWithWhatItRenews() {
        ca.certificateAge(Duration.ofDays(80));
        user.wucme("issue", "a.example");
        user.aged();
        ca.certificateAge(Duration.ofHours(1));

        User.Run run = user.with("WUCME_LOAD", noting("one")).wucme("manage");

        assertThat(run.exit()).isZero();
        assertThat(run.out()).endsWith("\n1 certificate, 1 renewed, 0 failed\n");
        assertThat(seen).hasContent("one load a.example\n");
    }

    @Test
    void manageSaysThatOneFailed() {
        ca.certificateAge(Duration.ofDays(80));
        user.wucme("issue", "a.example");
        user.aged();
        ca.certificateAge(Duration.ofHours(1));

        User.Run run = user.with("WUCME_LOAD", "false").wucme("manage");

        assertThat(run.exit()).isEqualTo(ExitCode.FAILED);
        assertThat(run.out()).endsWith("\n1 certificate, 1 renewed, 0 failed, 1 load failed\n");
    }

    @Test
    void besideAnActiveAgentIssueCarriesOutItsOwnAndSaysThatTheAgentsFollow() throws Exception {
        User.Run run;
        try (Lease active = FileStore.open(user.here())
                .lease(LeaseNames.ACTIVE, Duration.ZERO)
                .orElseThrow()) {
            assertThat(active).isNotNull();
            run = user.with("WUCME_LOAD", noting("one")).wucme("issue", "a.example");
        }

        assertThat(run.exit()).isZero();
        assertThat(run.outLines().get(run.outLines().size() - 1))
                .startsWith("process " + ProcessHandle.current().pid())
                .endsWith(", takes care of this store too: load actions of its own are carried out within seconds");
        assertThat(seen).hasContent("one load a.example");
        assertThat(record().deployments().done()).containsExactly(noting("one"));
        assertThat(record().deployments().pending()).isEmpty();
    }

    @Test
    void issueCarriesThemOutWithItsOwnCertificateAloneEvenIfThatIsCurrent() {
        user.wucme("issue", "a.example");
        user.wucme("issue", "b.example");

        User.Run run = user.with("WUCME_LOAD", noting("one")).wucme("issue", "b.example");

        assertThat(run.exit()).isEqualTo(ExitCode.NOTHING_TO_DO);
        assertThat(run.out()).contains(": done\n");
        assertThat(seen).hasContent("one load b.example");
    }

    @Test
    void manageCarriesOutWhatIsNewWithWhatIsThere() {
        user.wucme("issue", "a.example");

        User.Run run = user.with("WUCME_LOAD", noting("one")).wucme("manage");
        user.with("WUCME_LOAD", noting("one")).wucme("manage");

        assertThat(run.out()).contains(": done\n").endsWith("\n1 certificate, 0 renewed, 0 failed\n");
        assertThat(seen).hasContent("one load a.example");
    }

    @Test
    void checkLoadCarriesThemOutNow() {
        user.wucme("issue", "a.example");

        User.Run run = user.with("WUCME_LOAD", noting("one") + "\n+").wucme("check", "/load");

        assertThat(run.err()).isEmpty();
        assertThat(run.exit()).isZero();
        assertThat(run.out()).isEqualTo("with " + user.file(FILE) + ":\n" + noting("one") + ": done\n+: done\n");
        assertThat(seen).hasContent("one check a.example\n");
    }

    @Test
    void checkLoadStopsAtOneThatFails() {
        user.wucme("issue", "a.example");

        User.Run run = user.with("WUCME_LOAD", "+\nfalse\n" + noting("three")).wucme("check", "load", "a.example");

        assertThat(run.exit()).isEqualTo(ExitCode.FAILED);
        assertThat(run.out()).endsWith("+: done\n" + noting("three") + ": not tried, since one before it failed\n");
        assertThat(run.err()).isEqualTo("wucme: false: false ended with exit code 1\n");
        assertThat(seen).doesNotExist();
    }

    @Test
    void checkLoadSaysWhatIsMissing() {
        assertThat(user.wucme("check", "load").err())
                .isEqualTo("wucme: nothing is to be done with certificates: set WUCME_LOAD, or give --load\n");
        assertThat(user.wucme("check", "load", "--load", "+").err()).contains("there is no certificate in ");
        assertThat(user.wucme("check", "load", "--load", "+", "b.example").err())
                .contains("there is no certificate \"b.example\" in ");
        assertThat(user.wucme("check", "load", "--load", "FROB:/run/x").err())
                .startsWith(
                        "wucme: the load action \"FROB:/run/x\" cannot be understood: the signal is not one of HUP, ")
                .hasLineCount(1);
    }

    @Test
    void exportFindsTheCertificateHoweverItIsNamed() {
        user.wucme("issue", "a.example", "b.example");

        for (String name : new String[] {
            "a.example", "B.example", "A_EXAMPLE", FILE, user.file(FILE).toString()
        }) {
            Path target = folder.resolve(name.replace('/', '_'));
            User.Run run = user.wucme("export", name, "--pem", target.toString());

            assertThat(run.err()).isEmpty();
            assertThat(run.exit()).isZero();
            assertThat(run.out()).isEqualTo(target + ": written\n");
            assertThat(target.resolve("privkey.pem")).isRegularFile();
        }
    }

    @Test
    void exportTakesAFileWithCertificateAndKeyFromElsewhereToo() throws Exception {
        user.wucme("issue", "a.example");
        Path elsewhere = Files.copy(user.file(FILE), folder.resolve("copy.pem"));
        Path password = Files.writeString(folder.resolve("password"), "correct horse\n");
        Files.setPosixFilePermissions(password, PosixFilePermissions.fromString("rw-------"));
        Path keystore = folder.resolve("tls.p12");
        String[] words = {
            "export", elsewhere.toString(), "--pkcs12", keystore.toString(), "--password-file", password.toString()
        };

        assertThat(user.wucme(words).exit()).isZero();
        assertThat(keystore).isRegularFile();
        User.Run again = user.wucme(words);
        assertThat(again.exit()).isEqualTo(ExitCode.NOTHING_TO_DO);
        assertThat(again.out()).isEqualTo(keystore + ": is there already\n");
    }

    @Test
    void exportSaysWhatIsMissing() {
        user.wucme("issue", "a.example");

        assertThat(user.wucme("export", "a.example").err())
                .contains("--pem", "--pkcs12")
                .hasLineCount(1);
        assertThat(user.wucme("export", "a.example", "--pkcs12", "/x").err()).contains("--password-file");
        assertThat(user.wucme("export", "b.example", "--pem", "/x").err())
                .contains("there is no certificate \"b.example\"", "wucme certificates");
    }
}
