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
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Date;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import javax.net.ssl.SSLSocketFactory;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.wucme.cli.notify.SmtpServer.Security;

class MailTargetTest {

    private static final String ADDRESS = "admin@example.org";
    private static final Path NO_HOSTS = Path.of("/nonexistent/hosts");
    private static final MachineName MACHINE = new MachineName("web1.example.org");
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
        return new MailTarget(ADDRESS, "wucme@web1.example.org", server, MACHINE, sockets);
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

    /** What a server hears: the words of each command, until the end of the session. */
    private static List<String> heard(String to, String from, @Nullable String user, MachineName machine)
            throws Exception {
        List<String> heard = new CopyOnWriteArrayList<>();
        try (ServerSocket listening = listening(command -> {
            heard.add(command);
            return command.startsWith("EHLO") ? "250-here\r\n250 AUTH PLAIN" : answer(command);
        })) {
            SmtpServer server = new SmtpServer(
                    Security.PLAIN, "127.0.0.1", listening.getLocalPort(), user, user == null ? null : PASSWORD);
            new MailTarget(to, from, server, machine).send(Samples.notice(Samples.renewed()));
        }
        return heard;
    }

    private static String answer(String command) {
        if (command.startsWith("AUTH")) {
            return "235 welcome";
        }
        return command.equals("DATA") ? "354 go on" : "250 yes";
    }

    private static MachineName machine(String own, String... names) {
        return new MachineName(own, host -> List.of(names), NO_HOSTS);
    }

    static Stream<Arguments> machines() {
        return Stream.of(
                Arguments.of(machine("web1.example.org"), "web1.example.org"),
                Arguments.of(machine("web1", "web1.example.org"), "web1.example.org"),
                Arguments.of(machine("web1", "localhost", "127.0.0.1", "web1", "web1.lan"), "web1.lan"),
                Arguments.of(machine("localhost", "localhost.localdomain", "localhost"), "[127.0.0.1]"),
                Arguments.of(machine("web1", "192.0.2.1", "2001:db8::1", "web_1.example.org"), "[127.0.0.1]"),
                Arguments.of(machine("web1"), "[127.0.0.1]"));
    }

    @ParameterizedTest
    @MethodSource("machines")
    void aServerHearsNoNameWithoutADomain(MachineName machine, String domain) throws Exception {
        List<String> heard = heard(ADDRESS, "wucme@" + machine.own(), null, machine);

        assertThat(heard)
                .startsWith("EHLO " + domain, "MAIL FROM:<wucme@" + domain + ">", "RCPT TO:<" + ADDRESS + ">", "DATA")
                .anyMatch(line -> line.startsWith("From: ") && line.contains("wucme@" + domain));
    }

    @Test
    void aUserOfAMachineWithoutADomainIsLeftToItsOwnServer() throws Exception {
        assertThat(heard("root@web1", "wucme@web1", null, machine("web1"))).contains("RCPT TO:<root@web1>");
        assertThat(heard("root@web1", "wucme@web1", null, machine("web1", "static.1.2.clients.example.net")))
                .contains("RCPT TO:<root@web1>", "MAIL FROM:<wucme@static.1.2.clients.example.net>");
    }

    @Test
    void aUserOfThisMachineIsAtTheDomainThatIsConfiguredHere(@TempDir Path folder) throws Exception {
        Path hosts = Files.writeString(folder.resolve("hosts"), """
                127.0.0.1 localhost

                # web1.example.com web1
                192.0.2.2 web2.example.org web2 # web1
                127.0.1.1\tweb1.example.org web1
                """);
        List<String> byDns = List.of("static.1.2.clients.example.net");

        assertThat(heard("root@web1", "wucme@web1", null, new MachineName("web1", host -> byDns, hosts)))
                .contains("RCPT TO:<root@web1.example.org>");
        assertThat(heard("root@web1.example.org", "wucme@web1.example.org", null, machine("web1.example.org")))
                .contains("RCPT TO:<root@web1.example.org>");
    }

    @Test
    void withoutADomainTheSenderIsTheMailboxThatLogsIn() throws Exception {
        String mailbox = "hostmaster@example.org";

        assertThat(heard(ADDRESS, "wucme@web1", mailbox, machine("web1")))
                .contains("EHLO [127.0.0.1]", "MAIL FROM:<" + mailbox + ">");
        assertThat(heard(ADDRESS, "alerts@example.net", mailbox, machine("web1")))
                .contains("MAIL FROM:<alerts@example.net>");
        assertThat(heard(ADDRESS, "wucme@web1", "user", machine("web1"))).contains("MAIL FROM:<wucme@[127.0.0.1]>");
    }

    @Test
    void aServerThatTakesNoAddressInBracketsGetsTheBareName() throws Exception {
        List<String> senders = new CopyOnWriteArrayList<>();
        try (ServerSocket exim = listening(command -> {
            if (command.startsWith("MAIL")) {
                senders.add(command);
            }
            return command.startsWith("MAIL") && command.contains("@[")
                    ? "501 domain literals not allowed"
                    : answer(command);
        })) {
            SmtpServer server = new SmtpServer(Security.PLAIN, "127.0.0.1", exim.getLocalPort(), null, null);
            new MailTarget("root@web1", "wucme@web1", server, machine("web1")).send(Samples.notice(Samples.renewed()));
        }
        assertThat(senders).containsExactly("MAIL FROM:<wucme@[127.0.0.1]>", "MAIL FROM:<wucme@web1>");
    }

    @Test
    void aSenderThatIsRefusedCanBeNamed() throws Exception {
        try (ServerSocket refusing =
                listening(command -> command.startsWith("MAIL") ? "501 no domain literals" : "250 yes")) {
            SmtpServer server = new SmtpServer(Security.PLAIN, "127.0.0.1", refusing.getLocalPort(), null, null);

            assertThatThrownBy(() -> target(server, null).send(Samples.notice(Samples.renewed())))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContainingAll("501 no domain literals", "WUCME_MAIL_FROM");
        }
    }

    private static ServerSocket refusing() throws IOException {
        return listening(command -> command.startsWith("RCPT") ? "550 no such user here" : "250 yes");
    }

    /** A server for one session after another, which answers each line by a rule. */
    private static ServerSocket listening(UnaryOperator<String> answers) throws IOException {
        ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Thread thread = new Thread(() -> {
            while (!listening.isClosed()) {
                serve(listening, answers);
            }
        });
        thread.setDaemon(true);
        thread.start();
        return listening;
    }

    private static void serve(ServerSocket listening, UnaryOperator<String> answers) {
        try (Socket client = listening.accept()) {
            var in = new java.util.Scanner(client.getInputStream(), "US-ASCII").useDelimiter("\r\n");
            var out = new java.io.PrintStream(client.getOutputStream(), true, "US-ASCII");
            out.print("220 here\r\n");
            boolean isText = false;
            while (in.hasNext()) {
                String line = in.next();
                String answer = answers.apply(line);
                isText = isText && !line.equals(".");
                out.print(isText ? "" : answer + "\r\n");
                isText = isText || answer.startsWith("354");
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
                ADDRESS, "wucme@example.org", new SmtpServer(Security.PLAIN, "127.0.0.1", port, null, null), MACHINE));
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
