package org.wucme.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckNoticesTest {

    private static final String ADDRESS = "admin@example.org";
    private static final String PASSWORD = "pass phrase";

    private Path folder = Path.of("");
    private User user = User.in(folder);

    @BeforeEach
    void begin(@TempDir Path temporary) {
        folder = temporary;
        user = User.in(temporary);
    }

    private static GreenMail mailServer() {
        GreenMail mail = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
        mail.setUser(ADDRESS, "me@example.org", PASSWORD);
        mail.start();
        return mail;
    }

    private User mailing(GreenMail mail) {
        return user.with("WUCME_MAIL", ADDRESS)
                .with(
                        "WUCME_SMTP",
                        "smtp://me@example.org@127.0.0.1:" + mail.getSmtp().getPort());
    }

    @Test
    void mailShowsWhatTheServerSays() throws Exception {
        GreenMail mail = mailServer();
        try {
            User.Run run = mailing(mail).with("WUCME_SMTP_PASSWORD", PASSWORD).wucme("check", "/mail");

            assertThat(run.exit()).isZero();
            assertThat(run.out())
                    .isEqualTo("mail to " + ADDRESS + " by 127.0.0.1:"
                            + mail.getSmtp().getPort() + ": 250 OK\n");
            assertThat(mail.getReceivedMessages()).hasSize(1);
            assertThat(mail.getReceivedMessages()[0].getSubject()).endsWith(": this is a test");
        } finally {
            mail.stop();
        }
    }

    @Test
    void classesOfOperatorsThatNameNoneAreRefused() {
        User.Run run = user.with("WUCME_OPCOM", " , ").wucme("check", "opcom");

        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err())
                .startsWith("wucme: WUCME_OPCOM is given, but names no class")
                .hasLineCount(1);
    }

    @Test
    void thePasswordMayBeInAFile() throws Exception {
        GreenMail mail = mailServer();
        try {
            Path file = Files.writeString(folder.resolve("password"), PASSWORD + "\n");
            User.Run run = mailing(mail)
                    .with("WUCME_SMTP_PASSWORD_FILE", file.toString())
                    .wucme("check", "mail");

            assertThat(run.exit()).isZero();
        } finally {
            mail.stop();
        }
    }

    @Test
    void mailSaysWhyItWasNotTaken() {
        GreenMail mail = mailServer();
        try {
            User.Run run = mailing(mail).with("WUCME_SMTP_PASSWORD", "secret").wucme("check", "mail");

            assertThat(run.exit()).isEqualTo(ExitCode.FAILED);
            assertThat(run.out()).isEmpty();
            assertThat(run.err())
                    .startsWith("wucme: mail to " + ADDRESS + " by 127.0.0.1:")
                    .contains("535")
                    .doesNotContain("secret")
                    .hasLineCount(1);
        } finally {
            mail.stop();
        }
    }

    @Test
    void opcomIsSyslog() throws Exception {
        try (DatagramSocket server = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            server.setSoTimeout(30_000);
            User.Run run = user.with("WUCME_OPCOM", "central,software,oper2")
                    .with("WUCME_SYSLOG", "udp://127.0.0.1:" + server.getLocalPort())
                    .wucme("check", "opcom");

            assertThat(run.exit()).isZero();
            assertThat(run.out()).contains(" as daemon, local1: sent");
            DatagramPacket packet = new DatagramPacket(new byte[2048], 2048);
            server.receive(packet);
            assertThat(new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8))
                    .startsWith("<30>1 ")
                    .contains(" test - this is a test");
        }
    }

    @Test
    void notifyTriesAllAndFailsIfOneDoes() throws Exception {
        try (MockWebServer web = new MockWebServer()) {
            web.start();
            web.enqueue(new MockResponse.Builder().code(202).body("thanks").build());
            User.Run run = user.with("WUCME_WEBHOOK", web.url("/secret").toString())
                    .with("WUCME_NOTIFY_COMMAND", "sh -c 'echo $WUCME_EVENT'\nsh -c 'exit 7'")
                    .wucme("check", "notify");

            assertThat(run.exit()).isEqualTo(ExitCode.FAILED);
            assertThat(run.out())
                    .isEqualTo("the webhook at " + web.getHostName() + ":" + web.getPort() + ": HTTP 202 thanks\n"
                            + "the command sh: done: test\n");
            assertThat(run.err()).isEqualTo("wucme: the command sh: sh ended with exit code 7\n");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"mail", "opcom", "notify"})
    void withoutSettingsItSaysWhatToSet(String check) {
        User.Run run = user.wucme("check", check);

        assertThat(run.exit()).isEqualTo(ExitCode.FAILED);
        assertThat(run.err())
                .startsWith("wucme: nobody is to be told: ")
                .contains("WUCME_")
                .hasLineCount(1);
    }

    @Test
    void aVariableThatCannotBeReadIsNamed() {
        User.Run run = user.with("WUCME_NOTICES_A_DAY", "many").wucme("check", "mail");

        assertThat(run.exit()).isEqualTo(ExitCode.FAILED);
        assertThat(run.err())
                .endsWith("'many' is not an int (WUCME_NOTICES_A_DAY says so)\n")
                .hasLineCount(1);
    }

    @Test
    void whatCannotBeUnderstoodIsSaidInALine() {
        User.Run run = user.with("WUCME_MAIL", "a b").wucme("check", "mail");

        assertThat(run.exit()).isEqualTo(ExitCode.FAILED);
        assertThat(run.err()).startsWith("wucme: \"a b\" is not a mail address").hasLineCount(1);
    }
}
