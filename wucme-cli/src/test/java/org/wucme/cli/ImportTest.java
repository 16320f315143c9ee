package org.wucme.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wucme.acme.AcmeClient;
import org.wucme.acme.Ca;
import org.wucme.acme.Registration;
import org.wucme.acme.pki.Pem;
import org.wucme.cli.imports.ForeignFolders;
import org.wucme.testing.ca.TestCa;

class ImportTest {

    private static final String C_FILE = "WUCME_C_A_EXAMPLE.PEM";

    private final TestCa ca = TestCa.start().alwaysValid(true);
    private final KeyPair key = ForeignFolders.accountKey();
    private User user;
    private String folder;

    @BeforeEach
    void begin(@TempDir Path temp) throws Exception {
        user = User.of(ca, temp);
        folder = temp.resolve("uacme").toString();
        new ForeignFolders(Path.of(folder))
                .with("private/key.pem", Pem.encode(key.getPrivate()))
                .uacmeCertificate("a.example", ForeignFolders.issue("a.example"));
        try (AcmeClient client = AcmeClient.builder(Ca.of(ca.directoryUrl()))
                .trustedRoots(List.of(ca.tlsRoot()))
                .build()) {
            client.register(Registration.with(key).agreeToTerms());
        }
        ca.clearLog();
    }

    @AfterEach
    void end() {
        ca.close();
    }

    @Test
    void anAccountIsLookedUpAndWhatIsTakenOverIsRenewedWithIt() throws Exception {
        User.Run run = user.wucme("import", folder);

        assertThat(run.exit()).as(run.toString()).isZero();
        assertThat(run.err()).isEmpty();
        assertThat(run.out())
                .contains(
                        "private/key.pem: taken over as account "
                                + ca.accounts().get(0).url(),
                        "a.example: taken over as " + user.file(C_FILE) + ": a.example; renewed at "
                                + ca.directoryUrl(),
                        "Now keep uacme from renewing");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(user.file(C_FILE))))
                .isEqualTo("rw-------");
        assertThat(user.wucme("issue", "a.example", "--force").exit()).isZero();
        assertThat(ca.accounts()).hasSize(1);
        assertThat(ca.certificates()).contains(user.certificate(C_FILE));
    }

    @Test
    void aSecondImportHasNothingToDo() {
        user.wucme("import", folder);

        assertThat(user.wucme("import", folder).exit()).isEqualTo(1);
    }

    @Test
    void aDryRunSaysWhatWouldBeAndMakesNotEvenTheFolder() {
        User.Run run = user.wucme("import", folder, "--dry-run");

        assertThat(run.exit()).as(run.toString()).isZero();
        assertThat(run.out()).contains("would be taken over as account https://", "a.example: would be taken over as");
        assertThat(user.here()).doesNotExist();
    }

    @Test
    void aDryRunChangesNothingInAFolderThatIsThere() throws Exception {
        user.wucme("import", folder);
        Files.delete(user.file("WUCME_LOCK.LCK"));
        Files.writeString(user.file("WUCME_K_A_EXAMPLE.PEM_TMP"), "unfinished");
        List<String> before = user.files();

        assertThat(user.wucme("import", folder, "--dry-run").exit()).isEqualTo(1);
        assertThat(user.wucme("import", folder, "--dry-run", "--force").exit()).isEqualTo(1);

        assertThat(user.files()).isEqualTo(before);
    }

    @Test
    void offlineNoCaIsAsked() {
        User.Run run = user.wucme("import", folder, "--offline");

        assertThat(run.exit()).as(run.toString()).isZero();
        assertThat(run.out()).contains("taken over as account whose URL is asked for when it is first used, at ");
        assertThat(ca.count()).isZero();
    }

    @Test
    void whatCannotBeReadIsToldOnStandardError() throws Exception {
        Files.writeString(Path.of(folder, "a.example", "cert.pem"), "nonsense");

        User.Run run = user.wucme("import", folder);

        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err()).isEqualTo("a.example: failed: a.example/cert.pem: there is no certificate in it\n");
        assertThat(user.files()).contains("WUCME_K_ACCOUNT.PEM").doesNotContain(C_FILE);
    }

    @Test
    void mistakesAreExplained() {
        assertThat(user.wucme("import", folder + "/nowhere").err())
                .isEqualTo("wucme: " + folder + "/nowhere: there is no such file or folder\n");
        assertThat(user.wucme("import", folder + "/private/key.pem").err())
                .startsWith("wucme: " + folder + "/private/key.pem: ");
        assertThat(user.wucme("import", folder, "--from", "x").err())
                .isEqualTo("wucme: \"x\" is none of certbot, lego, acme.sh, uacme\n");
    }
}
