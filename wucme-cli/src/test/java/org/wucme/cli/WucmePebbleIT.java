package org.wucme.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.wucme.acme.pki.Pem;
import org.wucme.testing.Pebble;
import org.wucme.testing.RequiresPebble;

/** The life of a certificate as an administrator sees it, with Pebble's own validation and openssl as the judge. */
@RequiresPebble
@Timeout(120)
class WucmePebbleIT {

    private static final String NAMES = "a.example.test,b.example.test,c.example.test";
    private static final String C_FILE = "WUCME_C_A_EXAMPLE_TEST.PEM";

    private Pebble pebble;
    private User user;
    private Path folder;

    @BeforeEach
    void begin(@TempDir Path ownFolder) throws IOException {
        folder = ownFolder;
        pebble = Pebble.start();
        user = User.of(pebble.directoryUrl(), pebble.tlsRoot(), folder)
                .with("WUCME_HTTP_PORT", String.valueOf(pebble.httpPort()))
                .with("WUCME_TLS_PORT", String.valueOf(pebble.tlsPort()));
        User.Run registered = user.wucme("register", "hostmaster@example.test", "--agree-tos");
        assertThat(registered.exit()).as(registered.toString()).isZero();
    }

    @AfterEach
    void end() throws IOException {
        pebble.close();
    }

    private void issue(String... arguments) {
        User.Run run = user.wucme(Arrays.stream(new String[][] {{"issue"}, arguments})
                .flatMap(Arrays::stream)
                .toArray(String[]::new));
        assertThat(run.exit()).as(run.toString()).isZero();
        assertThat(run.err()).isEmpty();
    }

    private static String openssl(String... arguments) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(Arrays.stream(new String[][] {{"openssl"}, arguments})
                        .flatMap(Arrays::stream)
                        .toList())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
        return output;
    }

    private void requireGood(Path certificate) throws Exception {
        Path root = Files.writeString(folder.resolve("issuer.pem"), Pem.encode(List.of(pebble.issuerRoot())));
        String file = certificate.toString();

        assertThat(openssl("verify", "-CAfile", root.toString(), "-untrusted", file, file))
                .contains(": OK");
        assertThat(openssl("pkey", "-in", file, "-pubout"))
                .startsWith("-----BEGIN PUBLIC KEY-----")
                .isEqualTo(openssl("x509", "-in", file, "-noout", "-pubkey"));
        assertThat(openssl("x509", "-in", file, "-noout", "-ext", "subjectAltName"))
                .contains("DNS:a.example.test", "DNS:b.example.test", "DNS:c.example.test");
    }

    private static String mode(Path file) {
        try {
            return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private List<String> orders() throws IOException {
        return pebble.requests().stream()
                .filter(request -> request.contains("order"))
                .toList();
    }

    @Test
    void aCertificateOverHttp01AndAgainOverTlsAlpn01() throws Exception {
        issue(NAMES, "--challenge", "http-01");
        requireGood(user.file(C_FILE));
        X509Certificate first = user.certificate(C_FILE);

        issue(NAMES, "--challenge", "tls-alpn-01", "--force");

        requireGood(user.file(C_FILE));
        assertThat(user.certificate(C_FILE)).isNotEqualTo(first);
        List<String> backups = user.files().stream()
                .filter(file -> file.matches("\\Q" + C_FILE + "\\E_\\d{16}"))
                .toList();
        assertThat(backups).hasSize(1);
        assertThat(user.certificate(backups.get(0))).isEqualTo(first);
        assertThat(user.files())
                .contains("WUCME_K_ACCOUNT.PEM", "WUCME_K_A_EXAMPLE_TEST.PEM", "WUCME_R_A_EXAMPLE_TEST.JSON")
                .filteredOn(file -> file.contains(".PEM") || file.contains(".JSON"))
                .allSatisfy(file -> assertThat(mode(user.file(file))).as(file).isEqualTo("rw-------"));
    }

    @Test
    void aSecondIssueAndManageHaveNothingToDoAndOrderNothing() throws Exception {
        issue(NAMES);
        pebble.clearRequests();

        User.Run again = user.wucme("issue", NAMES);
        User.Run manage = user.wucme("manage");

        assertThat(again.exit()).isEqualTo(1);
        assertThat(again.out()).contains(C_FILE + " is current");
        assertThat(manage.exit()).isEqualTo(1);
        assertThat(manage.out()).endsWith("1 certificate, 0 renewed, 0 failed\n");
        assertThat(orders()).isEmpty();
    }

    @Test
    void certificatesListsItAsATableAndAsJson() throws Exception {
        issue(NAMES);

        User.Run table = user.wucme("certificates");
        assertThat(table.exit()).isZero();
        assertThat(table.out()).contains(C_FILE, "a.example.test b.example.test c.example.test", "Pebble Intermediate");

        JsonNode json =
                new ObjectMapper().readTree(user.wucme("certificates", "--json").out());
        assertThat(json).hasSize(1);
        assertThat(json.get(0).path("identifiers"))
                .extracting(JsonNode::textValue)
                .containsExactly("a.example.test", "b.example.test", "c.example.test");
        assertThat(json.get(0).path("daysLeft").intValue()).isBetween(88, 90);
    }

    @Test
    void itIsRevokedOnce() throws Exception {
        issue(NAMES);

        User.Run revoke = user.wucme("revoke", C_FILE, "--reason", "superseded");
        User.Run again = user.wucme("revoke", C_FILE);

        assertThat(revoke.exit()).as(revoke.toString()).isZero();
        assertThat(revoke.out()).contains(": revoked\n", "kept as " + user.file(C_FILE) + "_REVOKED_");
        assertThat(again.exit()).as(again.toString()).isEqualTo(1);
        assertThat(again.out()).contains(": was revoked already\n");
        assertThat(user.files()).doesNotContain(C_FILE);
        assertThat(user.wucme("certificates").exit()).isEqualTo(1);
    }

    @Test
    void aFailedValidationIsTheCasOwnWords() {
        User.Run run = user.with("WUCME_TLS_PORT", "0").wucme("issue", "a.example.test");

        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err())
                .startsWith("wucme: validation failed: a.example.test: ")
                .hasLineCount(2);
        assertThat(user.files()).doesNotContain(C_FILE);
    }

    @Test
    void theChecksFindWhatThisCaAndItsPortsAre() {
        User.Run ca = user.wucme("check", "ca");
        assertThat(ca.out()).contains("The CA answers: " + pebble.directoryUrl(), "  renewal information: yes");

        assertThat(user.wucme("check", "http01", "localhost:" + pebble.httpPort())
                        .out())
                .contains("reachable, the token came back");
        assertThat(user.wucme("check", "alpn", "localhost:" + pebble.tlsPort()).out())
                .contains("an acme-tls/1 handshake is answered");
    }

    @Test
    void anAccountThatExistsIsFoundAgain() {
        User.Run again = user.wucme("register");

        assertThat(again.exit()).isEqualTo(1);
        assertThat(again.out()).contains("An account exists already: https://");
    }
}
