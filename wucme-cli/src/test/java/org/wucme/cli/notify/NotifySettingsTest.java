package org.wucme.cli.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.wucme.acme.internal.files.ProcessUser;

class NotifySettingsTest {

    private static final String HOST = "web1.example.org";

    private static List<String> mail(
            String mail, @Nullable String from, @Nullable String smtp, @Nullable String password) {
        NotifySettings settings = new NotifySettings(HOST, mail, from, smtp, password, null, null, null, null, 100);
        return settings.mailTargets().stream().map(Target::toString).toList();
    }

    private static List<String> syslog(@Nullable String opcom, @Nullable String syslog) {
        NotifySettings settings = new NotifySettings(HOST, null, null, null, null, opcom, syslog, null, null, 100);
        return settings.syslogTargets().stream().map(Target::toString).toList();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "SYSTEM,mark.daniel@wasd.vsm.com.au | SYSTEM@web1.example.org mark.daniel@wasd.vsm.com.au",
                "system,smtp%\"whomever@wherever\" | system@web1.example.org whomever@wherever",
                "system,SMTP%\"\"whomever@wherever\"\" | system@web1.example.org whomever@wherever",
                "a@example.org , b+c@[192.0.2.1],, a@example.org | a@example.org b+c@[192.0.2.1]"
            })
    void addressesAreWrittenAsInWucme(String list, String expected) {
        assertThat(MailAddresses.parse(list, HOST)).containsExactly(expected.split(" "));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ",",
                "a b@example.org",
                "a@b@c",
                "@example.org",
                "a@",
                "NODE::USER",
                "<a@example.org>",
                "-a\n@x"
            })
    void whatIsNoAddressIsSaidToBeNone(String list) {
        assertThatThrownBy(() -> MailAddresses.parse(list, HOST))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("mail address");
    }

    @Test
    void mailGoesToTheServerOfThisMachineUnlessAnotherOneIsNamed() {
        assertThat(mail("a@example.org,root", null, null, null))
                .containsExactly(
                        "mail to a@example.org by localhost:25", "mail to root@web1.example.org by localhost:25");
        assertThat(mail("a@x", null, "smtp+starttls://me@example.org@mail.example.org", "secret"))
                .containsExactly("mail to a@x by mail.example.org:587 (STARTTLS)");
        assertThat(mail("a@x", "wucme@x", "smtps://me@mail.example.org:4650", "secret"))
                .containsExactly("mail to a@x by mail.example.org:4650 (TLS)");
        assertThat(SmtpServer.parse("smtps://me@example.org@mail.example.org", "secret")
                        .user())
                .isEqualTo("me@example.org");
        assertThat(SmtpServer.parse("smtp://[2001:db8::1]:2525", null).host()).isEqualTo("2001:db8::1");
    }

    @ParameterizedTest
    @CsvSource({
        "me%40example.org, me@example.org",
        "me@example.org, me@example.org",
        "a%2Fb%25c, a/b%c",
        "a+b, a+b",
        "a%20b, a b",
        "m%c3%a9, mé",
        "a?b#c, a?b#c"
    })
    void aUserOfTheMailServerMayBeEscaped(String inUrl, String user) {
        assertThat(SmtpServer.parse("smtps://" + inUrl + "@mail.example.org", "secret"))
                .isEqualTo(new SmtpServer(SmtpServer.Security.TLS, "mail.example.org", 465, user, "secret"));
    }

    @ParameterizedTest
    @CsvSource({
        "me%3asecret, password",
        "me:secret, password",
        "me%40x%3Asecret, password",
        "100%secret, %25",
        "secret%4, %25",
        "secret%, %25",
        "secret%0d%0aQUIT, text",
        "secret%00, text",
        "secret%ff, text"
    })
    void aUserThatCannotBeUnderstoodIsSaidToBeNoneWithoutShowingIt(String inUrl, String reason) {
        assertThatThrownBy(() -> SmtpServer.parse("smtps://" + inUrl + "@mail.example.org", "x"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("mail server", reason)
                .hasMessageNotContaining("secret");
    }

    @Test
    void aPasswordIsNeverSentForAllToRead() {
        assertThatThrownBy(() -> mail("a@x", null, "smtp://me@192.0.2.1", "secret"))
                .hasMessageContaining("for all to read")
                .hasMessageNotContaining("secret");
        assertThat(mail("a@x", null, "smtp://me@127.0.0.1", "secret")).hasSize(1);
    }

    @Test
    void aPasswordIsNeitherMissingNorInAUrl() {
        assertThatThrownBy(() -> mail("a@x", null, "smtps://me@mail.example.org", null))
                .hasMessageContaining("WUCME_SMTP_PASSWORD");
        assertThatThrownBy(() -> mail("a@x", null, "smtps://me:secret@mail.example.org", null))
                .hasMessageContaining("contains a password")
                .hasMessageNotContaining("secret");
        assertThatThrownBy(() -> mail("a@x", null, "smtps://me:sec ret@mail.example.org", null))
                .hasMessageNotContaining("ret");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"mail.example.org", "http://mail.example.org", "smtp://", "smtp://host:0", "smtp://host:65536"})
    void whatIsNoMailServerIsSaidToBeNone(String smtp) {
        assertThatThrownBy(() -> mail("a@x", null, smtp, null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("mail server");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "central,software,oper2 | daemon, local1",
                "CENTRAL,NETWORK | daemon",
                "oper1,oper8,oper12 | local0, local7",
                "security printer | lpr, authpriv",
                "local3,user | user, local3"
            })
    void classesOfOperatorsAreFacilities(String opcom, String facilities) {
        assertThat(syslog(opcom, null)).containsExactly("syslog of this machine as " + facilities);
    }

    @Test
    void syslogsAreNamedByWhereTheyAre() {
        assertThat(syslog(null, null)).isEmpty();
        assertThat(syslog(null, "local")).containsExactly("syslog of this machine as daemon");
        assertThat(syslog("oper1", "udp://loghost tcp://[::1]:1514  local"))
                .containsExactly(
                        "syslog at udp://loghost:514 as local0",
                        "syslog at tcp://[::1]:1514 as local0",
                        "syslog of this machine as local0");
    }

    @ParameterizedTest
    @CsvSource({"oper13,", "nobody,", "central,loghost", "central,tls://loghost", "central,udp://a:b"})
    void whatIsNoSyslogIsSaidToBeNone(String opcom, @Nullable String where) {
        assertThatThrownBy(() -> syslog(opcom, where)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void allTargetsAreThereAndNoneTellsASecret() {
        NotifySettings settings = new NotifySettings(
                HOST,
                "a@x",
                null,
                "smtps://me@mail.example.org",
                "secret",
                "oper1",
                null,
                "https://u:secret@hooks.example.org/secret http://127.0.0.1:81/secret",
                "/bin/one secret\n/bin/two 'x y'\n",
                100);

        List<Target> targets = settings.targets(OkHttpClient::new);

        assertThat(targets.toString() + settings).doesNotContain("secret");
        assertThat(targets)
                .extracting(Target::toString)
                .containsExactly(
                        "mail to a@x by mail.example.org:465 (TLS)",
                        "syslog of this machine as local0",
                        "the webhook at hooks.example.org:443",
                        "the webhook at 127.0.0.1:81",
                        "the command /bin/one",
                        "the command /bin/two");
    }

    @Test
    void withoutSettingsNobodyIsTold() {
        NotifySettings nothing = new NotifySettings(HOST, null, null, null, null, null, null, null, null, 100);

        assertThat(nothing.targets(OkHttpClient::new)).isEmpty();
    }

    @Test
    void whatIsNoWebhookIsSaidToBeNoneWithoutShowingIt() {
        NotifySettings settings =
                new NotifySettings(HOST, null, null, null, null, null, null, "ftp://x/secret", null, 100);

        assertThatThrownBy(() -> settings.targets(OkHttpClient::new))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("https://HOST/PATH")
                .hasMessageNotContaining("secret");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://u:secret@hooks.example.org/", "http://hooks.example.org/services/secret"})
    void aWebhookThatWouldSendASecretUnencryptedIsRefused(String url) {
        NotifySettings settings = new NotifySettings(HOST, null, null, null, null, null, null, url, null, 100);

        assertThatThrownBy(() -> settings.targets(OkHttpClient::new))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("the webhook is refused", "hooks.example.org")
                .hasMessageNotContaining("secret");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"/bin/true secret && /bin/true | &&", "/bin/true $HOME/secret | $HOME"})
    void aCommandThatNeedsAShellIsDoubted(String command, String part) {
        NotifySettings settings = new NotifySettings(HOST, null, null, null, null, null, null, null, command, 100);

        Target target = settings.targets(OkHttpClient::new).get(0);

        assertThat(target.problem().orElseThrow())
                .contains("without a shell", " " + part + " ")
                .doesNotContain("secret");
    }

    @Test
    void aUrlInThePlaceOfACommandIsNotShown() {
        NotifySettings settings = new NotifySettings(
                HOST, null, null, null, null, null, null, null, "https://hooks.example.org/secret", 100);

        assertThatThrownBy(() -> settings.targets(OkHttpClient::new))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("the command for notices", "WUCME_WEBHOOK")
                .hasMessageNotContaining("secret");
    }

    @Test
    void aCommandThatAnotherUserCanChangeIsRefusedToRoot(@TempDir Path folder) throws Exception {
        assumeTrue(ProcessUser.isRoot());
        Path program = Files.copy(Path.of("/bin/true"), folder.resolve("tell"));
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xrwx"));
        NotifySettings settings =
                new NotifySettings(HOST, null, null, null, null, null, null, null, program + " secret", 100);

        assertThatThrownBy(() -> settings.targets(OkHttpClient::new))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("the command for notices is refused", program + " can be written by all users")
                .hasMessageNotContaining("secret");
    }
}
