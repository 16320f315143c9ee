package org.wucme.cli.notify;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Properties;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.wucme.cli.call.Command;
import org.wucme.manage.ManagerEvent;

/** The words of a CA, and names that came from elsewhere, may hold anything. */
class InjectionTest {

    private static final Pattern CONTROL = Pattern.compile("[\\p{Cntrl}\\x{80}-\\x{9f}\\x{2028}\\x{2029}]");
    private static final List<String> HEADERS = List.of(
            "From",
            "To",
            "Subject",
            "Date",
            "Auto-Submitted",
            "Message-ID",
            "MIME-Version",
            "Content-Type",
            "Content-Transfer-Encoding");

    @Provide
    Arbitrary<String> hostile() {
        return Arbitraries.oneOf(
                        Arbitraries.of("\r\n", "\n", "\r", "\0", "\u001b[31m", "\u0085", "\u2028", "\ud800"),
                        Arbitraries.of("Bcc: all@example.org", "<0>1 - - - - - -", "=?utf-8?q?=0d=0aX:_y?=", ".", ": "),
                        Arbitraries.strings().ofMaxLength(200),
                        Arbitraries.strings().ascii().ofMaxLength(300))
                .list()
                .ofMaxSize(20)
                .map(parts -> String.join("", parts));
    }

    private static Notice notice(String name, String words) {
        Notices notices =
                new Notices(words, java.time.Clock.systemUTC(), certificate -> List.of(certificate, words + name));
        return notices.of(new ManagerEvent.Failed(name, new IOException(words), null))
                .orElseThrow();
    }

    @Property(tries = 300)
    void noPartOfANoticeHasMoreThanOneLine(@ForAll("hostile") String name, @ForAll("hostile") String words) {
        Notice notice = notice(name, words);

        assertThat(notice.certificate()
                        + notice.names()
                        + notice.files()
                        + notice.subject()
                        + notice.lines()
                        + notice.host())
                .doesNotContainPattern(CONTROL);
        assertThat(notice.subject().codePointCount(0, notice.subject().length()))
                .isLessThanOrEqualTo(200);
        assertThat(notice.text().lines()).hasSize(notice.lines().size() + 2);
    }

    @Property(tries = 300)
    void noMailHasAHeaderOfSomebodyElse(@ForAll("hostile") String name, @ForAll("hostile") String words)
            throws Exception {
        SmtpServer server = new SmtpServer(SmtpServer.Security.PLAIN, "localhost", 25, null, null);
        MailTarget target =
                new MailTarget("admin@example.org", "wucme@example.org", server, new MachineName("web1.example.org"));
        MimeMessage message =
                target.message(Session.getInstance(new Properties()), target.envelope(), notice(name, words));
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        message.writeTo(written);

        String header = written.toString(StandardCharsets.ISO_8859_1).split("\r\n\r\n", 2)[0];
        List<String> fields = header.replaceAll("\r\n[ \t]", " ").lines().toList();
        assertThat(header).doesNotContainPattern("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f-\\xff]");
        assertThat(fields.stream().map(field -> field.substring(0, field.indexOf(':'))))
                .containsExactlyInAnyOrderElementsOf(HEADERS);
        assertThat(message.getSubject()).doesNotContainPattern(CONTROL);
    }

    @Property(tries = 300)
    void noSyslogMessageHasMoreThanOneLine(@ForAll("hostile") String name, @ForAll("hostile") String words) {
        Notice notice = notice(name, words);
        String message = new String(SyslogMessage.of(notice, Facility.DAEMON, notice.host()), StandardCharsets.UTF_8);

        assertThat(message).doesNotContainPattern(CONTROL);
        assertThat(message).matches("<27>1 \\S+Z \\S+ wucme \\d+ failed - .*");
        assertThat(SyslogMessage.words(notice)).doesNotContainPattern(CONTROL);
    }

    @Property(tries = 300)
    void jsonStaysJson(@ForAll("hostile") String name, @ForAll("hostile") String words) throws Exception {
        Notice notice = notice(name, words);
        String json = WebhookTarget.json(notice).toString();

        assertThat(new ObjectMapper().readTree(json).get("subject").textValue()).isEqualTo(notice.subject());
    }

    @Property(tries = 100)
    void noVariableOfACommandHasALineOfSomebodyElse(@ForAll("hostile") String name, @ForAll("hostile") String words) {
        assertThat(CommandTarget.environment(notice(name, words)).values())
                .allSatisfy(value -> assertThat(value).doesNotContainPattern(CONTROL));
    }

    @Property(tries = 300)
    void noAddressBreaksOutOfItsHeader(@ForAll("hostile") String entry) {
        try {
            assertThat(MailAddresses.parse(entry, "web1.example.org"))
                    .allSatisfy(address -> assertThat(address).matches("[\\x21-\\x7e]+@[\\x21-\\x7e]+"));
        } catch (IllegalArgumentException e) {
            assertThat(String.valueOf(e.getMessage())).isNotBlank();
        }
    }

    @Property(tries = 20)
    void aProgramThatIsRunSeesWhatItIsTold(@ForAll("hostile") String words) throws Exception {
        Notice notice = notice("NAME", words);
        Command count =
                new Command(List.of("/bin/sh", "-c", "printf '%s' \"$WUCME_SUBJECT\" | wc -l"), CommandTarget.LIMIT);

        assertThat(new CommandTarget(count).send(notice)).isEqualTo("done: 0");
    }
}
