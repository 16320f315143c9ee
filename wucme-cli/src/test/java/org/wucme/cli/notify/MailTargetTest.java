package org.wucme.cli.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Date;
import java.util.List;
import javax.net.ssl.SSLSocketFactory;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.wucme.cli.notify.SmtpServer.Security;

class MailTargetTest {

    private static final String ADDRESS = "admin@example.org";
    private static final String PASSWORD = "pass phrase";

    private final GreenMail mail = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
    private final HeldCertificate own =
            new HeldCertificate.Builder().addSubjectAlternativeName("localhost").build();

    @BeforeEach
    void begin() {
        mail.setUser(ADDRESS, "hostmaster@example.org", PASSWORD);
        mail.start();
    }

    @AfterEach
    void end() {
        mail.stop();
    }

    private static MailTarget target(SmtpServer server, @Nullable SSLSocketFactory sockets) {
        return new MailTarget(ADDRESS, "wucme@web1.example.org", server, sockets);
    }

    private static SmtpServer server(Security security, int port) {
        return new SmtpServer(security, "localhost", port, "hostmaster@example.org", PASSWORD);
    }

    private SmtpServer plain() {
        return server(Security.PLAIN, mail.getSmtp().getPort());
    }

    private static SSLSocketFactory serving(HeldCertificate certificate) {
        return new HandshakeCertificates.Builder()
                .heldCertificate(certificate)
                .build()
                .sslSocketFactory();
    }

    private static SSLSocketFactory trusting(HeldCertificate certificate) {
        return new HandshakeCertificates.Builder()
                .addTrustedCertificate(certificate.certificate())
                .build()
                .sslSocketFactory();
    }

    private TlsFront front(Security security, HeldCertificate certificate) throws IOException {
        int behind = mail.getSmtp().getPort();
        return security == Security.TLS
                ? TlsFront.implicit(behind, serving(certificate))
                : TlsFront.startTls(behind, serving(certificate));
    }

    @Test
    void aNoticeArrivesAsAMailThatAHumanCanRead() throws Exception {
        String answer = target(plain(), null).send(Samples.notice(Samples.failed("der Schlüssel paßt nicht")));

        assertThat(answer).startsWith("250 ");
        MimeMessage received = mail.getReceivedMessages()[0];
        assertThat(received.getSubject())
                .isEqualTo("wucme on web1.example.org: www.example.org and 1 more: not obtained or renewed:"
                        + " der Schlüssel paßt nicht");
        assertThat(received.getHeader("From")).containsExactly("wucme@web1.example.org");
        assertThat(received.getHeader("To")).containsExactly(ADDRESS);
        assertThat(received.getHeader("Auto-Submitted")).containsExactly("auto-generated");
        assertThat(received.getSentDate())
                .isEqualTo(Date.from(Samples.NOW.truncatedTo(java.time.temporal.ChronoUnit.SECONDS)));
        assertThat((String) received.getContent())
                .contains("der Schlüssel paßt nicht")
                .contains("What was stored before is as it was.");
    }

    @ParameterizedTest
    @EnumSource(names = {"TLS", "STARTTLS"})
    void byTlsWithAPasswordItArrivesToo(Security security) throws Exception {
        try (TlsFront front = front(security, own)) {
            target(server(security, front.port()), trusting(own)).send(Samples.notice(Samples.renewed()));

            assertThat(mail.getReceivedMessages()).hasSize(1);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"TLS", "STARTTLS"})
    void aServerWithACertificateThatNobodyTrustsGetsNothing(Security security) throws Exception {
        try (TlsFront front = front(security, own)) {
            MailTarget target = target(server(security, front.port()), null);

            assertThatThrownBy(() -> target.send(Samples.notice(Samples.renewed())))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("PKIX path building failed");
            assertThat(mail.getReceivedMessages()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"TLS", "STARTTLS"})
    void aServerWithTheCertificateOfAnotherHostGetsNothing(Security security) throws Exception {
        HeldCertificate other = new HeldCertificate.Builder()
                .addSubjectAlternativeName("other.example.org")
                .build();
        try (TlsFront front = front(security, other)) {
            MailTarget target = target(server(security, front.port()), trusting(other));

            assertThatThrownBy(() -> target.send(Samples.notice(Samples.renewed())))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("localhost");
            assertThat(mail.getReceivedMessages()).isEmpty();
        }
    }

    @Test
    void aServerWithoutStarttlsGetsNothingIfItIsRequired() {
        MailTarget target = target(server(Security.STARTTLS, mail.getSmtp().getPort()), null);

        assertThatThrownBy(() -> target.send(Samples.notice(Samples.renewed())))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("STARTTLS is required but host does not support STARTTLS");
        assertThat(mail.getReceivedMessages()).isEmpty();
    }

    @Test
    void aWrongPasswordIsSaidToBeWrongAndNotShown() {
        SmtpServer wrong = new SmtpServer(
                Security.PLAIN, "localhost", mail.getSmtp().getPort(), "hostmaster@example.org", "wrong one");

        assertThatThrownBy(() -> target(wrong, null).send(Samples.notice(Samples.renewed())))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("535")
                .hasMessageNotContaining("wrong one");
        assertThat(wrong.toString() + target(wrong, null)).doesNotContain("wrong one");
    }

    @Test
    void whatTheServerRefusesForGoodIsNotTriedAgain() throws Exception {
        try (ServerSocket refusing = refusing()) {
            SmtpServer server = new SmtpServer(Security.PLAIN, "localhost", refusing.getLocalPort(), null, null);

            assertThatThrownBy(() -> target(server, null).send(Samples.notice(Samples.renewed())))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining("550 no such user here");
        }
    }

    private static ServerSocket refusing() throws IOException {
        ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Thread thread = new Thread(() -> refuse(listening));
        thread.setDaemon(true);
        thread.start();
        return listening;
    }

    private static void refuse(ServerSocket listening) {
        try (Socket client = listening.accept()) {
            var in = new java.util.Scanner(client.getInputStream(), "US-ASCII").useDelimiter("\r\n");
            var out = new java.io.PrintStream(client.getOutputStream(), true, "US-ASCII");
            out.print("220 here\r\n");
            while (in.hasNext()) {
                out.print(in.next().startsWith("RCPT") ? "550 no such user here\r\n" : "250 yes\r\n");
            }
        } catch (IOException e) {
            // The test is over.
        }
    }

    @Test
    void aServerThatIsDownAtFirstGetsItWhenItIsBack() throws Exception {
        int port = mail.getSmtp().getPort();
        mail.stop();
        GreenMail back = new GreenMail(new ServerSetup(port, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
        Watched target = new Watched(new MailTarget(
                ADDRESS, "wucme@example.org", new SmtpServer(Security.PLAIN, "127.0.0.1", port, null, null)));
        try (Notifier notifier = Notifier.start(Samples.notices(), List.of(target), 100, Watched.PAUSES)) {
            notifier.accept(Samples.renewed());
            target.awaitFailure();
            back.start();

            assertThat(back.waitForIncomingEmail(Duration.ofSeconds(30).toMillis(), 1))
                    .isTrue();
            assertThat(back.getReceivedMessages()).hasSize(1);
        } finally {
            back.stop();
        }
    }
}
