package org.wucme.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.wucme.acme.pki.KeyPairs;
import org.wucme.testing.ca.Endpoint;
import org.wucme.testing.ca.Fault;
import org.wucme.testing.ca.TestCa;

class RegisterTest {

    private static final String MAC_KEY = "YSBzZWNyZXQgb2YgYXQgbGVhc3QgdGhpcnR5LXR3byBieXRlcw";
    private static final String TERMS = "https://example.org/terms-1";

    private final InputStream input = System.in;
    private final TestCa ca = TestCa.start();
    private User user;

    @BeforeEach
    void begin(@TempDir Path folder) {
        user = User.of(ca, folder);
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

    @Test
    void createsAnAccountWithItsContacts() throws Exception {
        User.Run run = user.wucme("register", "--agree-tos", "a@example.org", "b@example.org,c@example.org");

        assertThat(run.exit()).isZero();
        assertThat(run.err()).isEmpty();
        TestCa.AccountInfo account = ca.accounts().get(0);
        assertThat(run.out()).endsWith("Account registered: " + account.url() + "\n");
        assertThat(account.contact())
                .containsExactly("mailto:a@example.org", "mailto:b@example.org", "mailto:c@example.org");
        Path key = user.file("WUCME_K_ACCOUNT.PEM");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
                .isEqualTo("rw-------");
    }

    @Test
    void takesTheKeyTypeAskedFor() throws Exception {
        user.wucme("register", "--agree-tos", "--account-key-type", "rsa-2048");

        assertThat(KeyPairs.read(Files.readString(user.file("WUCME_K_ACCOUNT.PEM")))
                        .getPublic()
                        .getAlgorithm())
                .isEqualTo("RSA");
    }

    @Test
    void saysThatAnAccountExists() {
        user.registered();
        List<String> files = user.files();

        User.Run again = user.wucme("register", "--agree-tos");

        assertThat(again.exit()).isEqualTo(1);
        assertThat(again.out())
                .contains("An account exists already: " + ca.accounts().get(0).url())
                .contains("\"wucme account update\"", "\"account rollover\"", "\"account deactivate\"");
        assertThat(ca.accounts()).hasSize(1);
        assertThat(user.files()).isEqualTo(files);
    }

    @Test
    void afterTheWordsThatItSaysThereIsAnotherAccount() {
        user.registered();

        assertThat(user.wucme("account", "deactivate", "--yes").exit()).isZero();
        assertThat(user.wucme("register", "--agree-tos").exit()).isZero();
        assertThat(ca.accounts())
                .extracting(TestCa.AccountInfo::status)
                .containsExactlyInAnyOrder("deactivated", "valid");
    }

    @ParameterizedTest
    @ValueSource(strings = {"deactivated", "revoked", "lost"})
    void anAccountThatTheCaNoLongerAcceptsIsReplacedAndWhatFailedIsTriedAtOnce(String what) {
        ca.alwaysValid(true).certificateAge(Duration.ofDays(80));
        user.registered().wucme("issue", "a.example");
        user.aged();
        ca.certificateAge(Duration.ZERO);
        String url = ca.accounts().get(0).url();
        if (what.equals("lost")) {
            ca.loseAccount(url);
        } else {
            ca.makeStatus(url, what);
        }

        User.Run failed = user.wucme("manage");
        assertThat(failed.exit()).isEqualTo(2);
        assertThat(failed.err()).contains(url, "\"wucme register --ca " + ca.directoryUrl() + "\"");
        assertThat(user.wucme("manage").exit()).isEqualTo(1);

        assertThat(user.wucme("register", "--agree-tos").exit()).isZero();
        assertThat(user.wucme("manage").exit()).isZero();
    }

    @Test
    void saysThatContactsOfAnExistingAccountStay() {
        user.registered();

        assertThat(user.wucme("register", "new@example.org").out()).contains("; its contacts stay as they are");
        assertThat(ca.accounts().get(0).contact()).isEmpty();
    }

    @Test
    void withoutTerminalTheTermsMustBeAgreedToByOption() {
        User.Run run = user.wucme("register");

        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err())
                .startsWith("wucme: ")
                .contains(TERMS, "--agree-tos")
                .hasLineCount(1);
        assertThat(ca.accounts()).isEmpty();
        assertThat(user.files()).doesNotContain("WUCME_K_ACCOUNT.PEM");
    }

    @Test
    void onATerminalTheTermsAreShownAndAgreementIsAskedFor() {
        atTerminal("yes\n");

        User.Run run = user.wucme("register");

        assertThat(run.out()).startsWith("The CA's terms of service: " + TERMS + "\nDo you agree? [y/N] ");
        assertThat(run.exit()).isZero();
        assertThat(ca.accounts()).hasSize(1);
    }

    @Test
    void whoeverSaysNoOrNothingIsNotRegistered() {
        for (String answer : List.of("n\n", "\n", "")) {
            atTerminal(answer);

            assertThat(user.wucme("register").exit()).as(answer).isEqualTo(2);
        }
        assertThat(ca.accounts()).isEmpty();
    }

    @Test
    void withoutTermsNothingIsAsked(@TempDir Path folder) {
        try (TestCa free = TestCa.builder().termsOfService(null).start()) {
            assertThat(User.of(free, folder).wucme("register").exit()).isZero();
        }
    }

    @Test
    void aContactThatIsNoneLeavesNothingBehind() {
        User.Run run = user.wucme("register", "--agree-tos", "hostmaster");

        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err()).contains("\"mailto:hostmaster\" is not a contact").hasLineCount(1);
        assertThat(ca.accounts()).isEmpty();
        assertThat(user.files()).doesNotContain("WUCME_K_ACCOUNT.PEM");
    }

    @Test
    void theCasRefusalIsShownInItsOwnWordsAndTheNextTrySucceeds() {
        ca.fault(Endpoint.NEW_ACCOUNT, Fault.problem(403, "unauthorized", "We are closed today"));

        User.Run refused = user.wucme("register", "--agree-tos");

        assertThat(refused.exit()).isEqualTo(2);
        assertThat(refused.err()).contains("the CA says: We are closed today").hasLineCount(1);
        assertThat(user.wucme("register", "--agree-tos").exit()).isZero();
    }

    @Test
    void bindsTheAccountToTheOneThatTheCaKnows(@TempDir Path folder) {
        try (TestCa strict = TestCa.builder().externalAccount("kid-1", MAC_KEY).start()) {
            User.Run run = User.of(strict, folder)
                    .with("WUCME_EAB_KEY", MAC_KEY)
                    .wucme("register", "--agree-tos", "--verbose", "--eab-kid", "kid-1");

            assertThat(run.exit()).isZero();
            assertThat(strict.accounts()).hasSize(1);
            assertThat(run.out() + run.err()).doesNotContain(MAC_KEY);
        }
    }

    @Test
    void saysWhatACaWantsThatRegistersOnlyWhomItKnows(@TempDir Path folder) {
        try (TestCa strict = TestCa.builder().externalAccount("kid-1", MAC_KEY).start()) {
            User stranger = User.of(strict, folder);

            User.Run run = stranger.wucme("register", "--agree-tos");

            assertThat(run.exit()).isEqualTo(2);
            assertThat(run.err())
                    .contains("get a key identifier and a MAC key there", "--eab-kid and --eab-key")
                    .hasLineCount(1);
            assertThat(strict.count(Endpoint.NEW_ACCOUNT)).isZero();
            assertThat(stranger.files()).doesNotContain("WUCME_K_ACCOUNT.PEM");
        }
    }

    @Test
    void namesTheOptionsWhenTheDirectoryKeptSilent() {
        ca.fault(Endpoint.NEW_ACCOUNT, Fault.problem(403, "externalAccountRequired", "Who are you?"));

        assertThat(user.wucme("register", "--agree-tos").err())
                .contains("the CA says: Who are you?", "(--eab-kid, --eab-key)")
                .hasLineCount(1);
    }

    @Test
    void halfAnExternalAccountIsNone() {
        for (String option : List.of("--eab-kid", "--eab-key")) {
            User.Run run = user.wucme("register", "--agree-tos", option, "something");

            assertThat(run.exit()).isEqualTo(2);
            assertThat(run.err())
                    .contains("--eab-kid and --eab-key go together")
                    .hasLineCount(1);
        }
        assertThat(ca.count()).isZero();
    }

    @Test
    void aMistypedMacKeyIsNotShown() {
        User.Run run = user.wucme("register", "--agree-tos", "--eab-kid", "kid-1", "--eab-key", "my se*cret");

        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err())
                .contains("\"kid-1\" is not base64url")
                .doesNotContain("se*cret")
                .hasLineCount(1);
        assertThat(run.out()).doesNotContain("se*cret");
    }

    @Test
    void theFirstCaIsTheDefaultOfTheFolder() {
        user.registered();

        User.Run check = user.without("WUCME_CA").wucme("check", "ca");

        assertThat(check.out()).contains("The CA answers: " + ca.directoryUrl());
    }

    @Test
    void anAccountAtASecondCaStandsBesideTheFirst(@TempDir Path folder) {
        user.registered();
        try (TestCa second = TestCa.start()) {
            User other = User.of(second, folder).with("WUCME_HERE", user.here().toString());

            assertThat(other.wucme("register", "--agree-tos").exit()).isZero();
            assertThat(second.accounts()).hasSize(1);
        }
        assertThat(user.wucme("register").out()).contains("exists already");
    }
}
