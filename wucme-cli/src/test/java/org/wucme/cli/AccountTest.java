package org.wucme.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wucme.acme.pki.KeyPairs;
import org.wucme.testing.ca.Endpoint;
import org.wucme.testing.ca.Fault;
import org.wucme.testing.ca.TestCa;

class AccountTest {

    private static final String KEY_FILE = "WUCME_K_ACCOUNT.PEM";

    private final InputStream input = System.in;
    private final TestCa ca = TestCa.start().alwaysValid(true);
    private User user;

    @BeforeEach
    void begin(@TempDir Path folder) {
        user = User.of(ca, folder);
        user.wucme("register", "--agree-tos", "a@example.org");
    }

    @AfterEach
    void end() {
        System.clearProperty("wucme.terminal");
        System.setIn(input);
        ca.close();
    }

    private void atTerminal(String answer) {
        System.setProperty("wucme.terminal", "true");
        System.setIn(new ByteArrayInputStream(answer.getBytes(StandardCharsets.UTF_8)));
    }

    private TestCa.AccountInfo known() {
        assertThat(ca.accounts()).hasSize(1);
        return ca.accounts().get(0);
    }

    private KeyPair key() throws IOException {
        return KeyPairs.read(Files.readString(user.file(KEY_FILE)));
    }

    private void requireUsable() {
        User.Run run = user.wucme("issue", "a.example", "--force");
        assertThat(run.exit()).as(run.toString()).isZero();
        assertThat(ca.accounts()).hasSize(1);
    }

    @Test
    void showTellsWhatTheCaKnows() {
        user.wucme("issue", "a.example");

        User.Run run = user.wucme("account", "show");

        assertThat(run.exit()).isZero();
        assertThat(run.out())
                .contains(
                        "account:    " + known().url() + "\n",
                        "directory:  " + ca.directoryUrl() + "\n",
                        "status:     valid\n",
                        "contacts:   mailto:a@example.org\n",
                        "thumbprint: " + known().thumbprint() + "\n");
        assertThat(ca.count(Endpoint.ORDERS)).isZero();
    }

    @Test
    void showIsOneJsonObjectToo() throws Exception {
        User.Run run = user.wucme("account", "show", "--json");

        JsonNode shown = new ObjectMapper().readTree(run.out());
        assertThat(shown.path("account").textValue()).isEqualTo(known().url());
        assertThat(shown.path("status").textValue()).isEqualTo("valid");
        assertThat(shown.path("contacts").get(0).textValue()).isEqualTo("mailto:a@example.org");
        assertThat(shown.path("thumbprint").textValue()).isEqualTo(known().thumbprint());
    }

    @Test
    void updateReplacesTheContactsAtTheCaAndInTheStore() throws Exception {
        User.Run run = user.wucme("account", "update", "b@example.org,c@example.org");

        assertThat(run.exit()).as(run.toString()).isZero();
        assertThat(known().contact()).containsExactly("mailto:b@example.org", "mailto:c@example.org");
        assertThat(Files.readString(user.file("WUCME_R_ACCOUNT.JSON")))
                .contains("mailto:b@example.org")
                .doesNotContain("mailto:a@example.org");
    }

    @Test
    void updateShowsWhatTheCaThenHas() {
        User.Run run = user.wucme("account", "update", "B@example.org", "c@example.org");

        assertThat(run.out())
                .doesNotContain("not what was requested", "stored no contacts")
                .contains(known().url(), "valid", "these contacts now: mailto:B@example.org, mailto:c@example.org");
    }

    @Test
    void updateSaysThatTheCaIgnoresContacts() {
        ca.fault(Endpoint.ACCOUNT, Fault.json(account -> account.remove("contact")));

        User.Run run = user.wucme("account", "update", "b@example.org");

        assertThat(run.exit()).as(run.toString()).isZero();
        assertThat(run.out()).contains("no contacts now", "stored no contacts", "Let's Encrypt");
    }

    @Test
    void updateSaysThatTheCaKeepsOtherContactsThanRequested() {
        ca.fault(
                Endpoint.ACCOUNT,
                Fault.json(account -> account.putArray("contact").add("mailto:x@example.org")));
        User.Run other = user.wucme("account", "update", "b@example.org");
        ca.fault(
                Endpoint.ACCOUNT,
                Fault.json(account -> account.putArray("contact").add("mailto:x@example.org")));
        User.Run none = user.wucme("account", "update", "--no-contacts");

        assertThat(other.out()).contains("contacts now: mailto:x@example.org", "not what was requested, mailto:b@");
        assertThat(none.out()).contains("contacts now: mailto:x@example.org", "still has some");
    }

    @Test
    void updateReportsAStatusThatTheCaDoesNotTellAndShowsItsTextInOneLine() {
        ca.fault(Endpoint.ACCOUNT, Fault.json(account -> {
            account.remove("status");
            account.putArray("contact").add("mailto:a@example.org\nInjected: line");
        }));

        User.Run run = user.wucme("account", "update", "b@example.org");

        assertThat(run.out())
                .contains("of a status that the CA does not report")
                .doesNotContain("\nInjected");
    }

    @Test
    void updateRemovesAllContactsOnlyIfToldTo() {
        User.Run mistake = user.wucme("account", "update");

        assertThat(mistake.exit()).isEqualTo(2);
        assertThat(mistake.err()).contains("--no-contacts");
        assertThat(known().contact()).isNotEmpty();
        assertThat(user.wucme("account", "update", "--no-contacts").exit()).isZero();
        assertThat(known().contact()).isEmpty();
    }

    @Test
    void rolloverGivesTheAccountANewKeyOfTheSameTypeAndKeepsTheOldOne() throws Exception {
        KeyPair before = key();
        String thumbprint = known().thumbprint();
        String url = known().url();

        User.Run run = user.wucme("account", "rollover");

        assertThat(run.exit()).as(run.toString()).isZero();
        assertThat(known().url()).isEqualTo(url);
        assertThat(known().thumbprint()).isNotEqualTo(thumbprint);
        assertThat(run.out()).contains("Account " + url + " has a new key, thumbprint " + known().thumbprint());
        assertThat(key().getPublic()).isNotEqualTo(before.getPublic());
        String backup = user.files().stream()
                .filter(file -> file.startsWith(KEY_FILE + "_2"))
                .findFirst()
                .orElseThrow();
        assertThat(KeyPairs.read(Files.readString(user.file(backup))).getPublic())
                .isEqualTo(before.getPublic());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(user.file(KEY_FILE))))
                .isEqualTo("rw-------");
        assertThat(user.files()).doesNotContain(KEY_FILE + "_NEXT");
        requireUsable();
    }

    @Test
    void rolloverTakesTheKeyTypeAskedFor() throws Exception {
        user.wucme("account", "rollover", "--account-key-type", "rsa-2048");

        assertThat(key().getPublic().getAlgorithm()).isEqualTo("RSA");
        requireUsable();
    }

    @Test
    void aRolloverThatTheCaRefusesLeavesTheOldKeyInForce() throws Exception {
        KeyPair before = key();
        ca.fault(Endpoint.KEY_CHANGE, Fault.problem(400, "malformed", "not today"), 1);

        User.Run run = user.wucme("account", "rollover");

        assertThat(run.exit()).isEqualTo(2);
        assertThat(key().getPublic()).isEqualTo(before.getPublic());
        requireUsable();
        assertThat(user.wucme("account", "rollover").exit()).isZero();
        requireUsable();
    }

    @Test
    void rolloverIsDoneOnceTheCaAcceptsTheNewKey() throws Exception {
        ca.fault(Endpoint.ACCOUNT, Fault.problem(400, "malformed", "JWS verification error"), 2);

        User.Run run = user.wucme("account", "rollover");

        assertThat(run.exit()).as(run.toString()).isZero();
        assertThat(run.out()).contains("has a new key");
        assertThat(user.files()).doesNotContain(KEY_FILE + "_NEXT");
        requireUsable();
    }

    @Test
    void deactivateAsksAtTheTerminalAndKeepsTheKeyAside() {
        atTerminal("no\n");
        User.Run refused = user.wucme("account", "deactivate");
        assertThat(refused.exit()).isEqualTo(2);
        assertThat(known().status()).isEqualTo("valid");
        atTerminal("y\n");

        User.Run run = user.wucme("account", "deactivate");

        assertThat(run.exit()).as(run.toString()).isZero();
        assertThat(run.out())
                .contains("Deactivate account " + known().url() + " for good? [y/N] ")
                .contains("Account " + known().url() + " is deactivated\nits key is kept as ")
                .contains(KEY_FILE + "_DEACTIVATED_");
        assertThat(known().status()).isEqualTo("deactivated");
        assertThat(user.files()).doesNotContain(KEY_FILE, "WUCME_R_ACCOUNT.JSON");
        assertThat(user.files()).anyMatch(file -> file.startsWith(KEY_FILE + "_DEACTIVATED_"));
        assertThat(user.wucme("issue", "a.example").err()).contains("register first");
        assertThat(user.wucme("register", "--agree-tos").exit()).isZero();
        assertThat(ca.accounts()).hasSize(2);
    }

    @Test
    void deactivateIsNotDoneUnaskedWithoutATerminal() {
        User.Run run = user.wucme("account", "deactivate");

        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err()).contains("--yes says that it is meant");
        assertThat(known().status()).isEqualTo("valid");
        assertThat(user.wucme("account", "deactivate", "--yes").exit()).isZero();
    }

    @Test
    void anAccountThatWasDeactivatedElsewhereIsKeptAsideToo() {
        ca.makeStatus(known().url(), "deactivated");

        User.Run run = user.wucme("account", "deactivate", "--yes");

        assertThat(run.exit()).as(run.toString()).isEqualTo(1);
        assertThat(run.out()).contains("was deactivated already\nits key is kept as ");
        assertThat(user.files()).doesNotContain(KEY_FILE);
    }

    @Test
    void withoutAnAccountAllOfThemSayToRegister(@TempDir Path folder) throws IOException {
        User nobody = User.of(ca, folder);
        Files.createDirectories(nobody.here());

        for (List<String> command : List.of(
                List.of("account", "show"),
                List.of("account", "update", "a@example.org"),
                List.of("account", "rollover"),
                List.of("account", "deactivate", "--yes"))) {
            User.Run run = nobody.wucme(command.toArray(String[]::new));

            assertThat(run.exit()).isEqualTo(2);
            assertThat(run.err())
                    .isEqualTo("wucme: no account is registered at " + ca.directoryUrl() + ": register first\n");
        }
    }
}
