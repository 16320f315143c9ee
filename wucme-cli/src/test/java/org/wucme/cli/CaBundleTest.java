package org.wucme.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.wucme.acme.pki.Pem;
import org.wucme.testing.ca.TestCa;

/** The roots in a file are all trusted, wherever the one of the CA is, and whatever is wrong with another. */
class CaBundleTest {

    private static final String OTHER =
            new HeldCertificate.Builder().certificateAuthority(0).build().certificatePem();

    private final TestCa ca = TestCa.start();
    private final String root = Pem.encode(List.of(ca.tlsRoot()));

    @TempDir
    Path folder;

    @AfterEach
    void end() {
        ca.close();
    }

    private User.Run register(String bundle) throws IOException {
        Path file = Files.writeString(folder.resolve("bundle.pem"), bundle);
        return User.of(ca, folder).with("WUCME_CA_BUNDLE", file.toString()).wucme("register", "--agree-tos");
    }

    @Test
    void everyRootOfTheFileIsTrusted() throws IOException {
        for (String bundle : List.of(
                "\uFEFF" + root + OTHER,
                (OTHER + root).replace("-----\n-----BEGIN", "----------BEGIN"),
                "  " + root,
                (OTHER + root).replace("\n", "\r"),
                root.replace("CERTIFICATE", "TRUSTED CERTIFICATE"))) {
            User.Run run = register(bundle);
            assertThat(run.exit()).as(run + bundle).isNotEqualTo(2);
            assertThat(run.out() + run.err()).doesNotContain("not trusted");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n",
                "-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n",
                "-----BEGIN CERTIFICATE-----\n",
                "# -----BEGIN CERTIFICATE-----\n# AAAA\n# -----END CERTIFICATE-----\n",
                "----BEGIN CERTIFICATE-----\n"
            })
    void aRootThatCannotBeReadIsNamedAndTheOthersAreTrusted(String broken) throws IOException {
        User.Run run = register(OTHER + broken + root);

        assertThat(run.exit()).as(run.toString()).isZero();
        assertThat(run.out() + run.err()).contains("bundle.pem: line ", "not trusted");
    }

    @Test
    void aFileWithoutAnyRootThatCanBeReadIsRefused() throws IOException {
        User.Run run = register("-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n");

        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err()).contains("bundle.pem: line 1: ").hasLineCount(1);
    }
}
