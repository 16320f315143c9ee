package org.wucme.cli.notify;

import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Date;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.SSLSocketFactory;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;
import org.eclipse.angus.mail.smtp.SMTPSenderFailedException;
import org.eclipse.angus.mail.smtp.SMTPTransport;
import org.jspecify.annotations.Nullable;

/** Mail to one address, by one server (RFC 5321). */
final class MailTarget implements Target {

    private static final String CONNECT_MILLIS = "10000";
    private static final String MILLIS = "30000";
    private static final int PERMANENT = 500;

    private final String to;
    private final String from;
    private final SmtpServer server;
    private final MachineName machine;
    private final @Nullable SSLSocketFactory sockets;

    /** From this machine, to an address that may be of this machine as well. */
    MailTarget(String to, String from, SmtpServer server, MachineName machine) {
        this(to, from, server, machine, null);
    }

    /** With sockets that trust other certificates than Java does. */
    MailTarget(String to, String from, SmtpServer server, MachineName machine, @Nullable SSLSocketFactory sockets) {
        this.to = to;
        this.from = from;
        this.server = server;
        this.machine = machine;
        this.sockets = sockets;
    }

    @Override
    public String send(Notice notice) throws IOException {
        try {
            return send(notice, envelope());
        } catch (MessagingException e) {
            String why = reasons(e) + advice(e);
            throw isPermanent(e) ? new RefusedException(why, e) : new IOException(why, e);
        }
    }

    // Some servers take no address in brackets, but a bare name, if it is their own machine's: Exim does so by default.
    private String send(Notice notice, Envelope envelope) throws MessagingException {
        try {
            return sendOnce(notice, envelope);
        } catch (MessagingException e) {
            if (!isSenderRefused(e) || !envelope.from().endsWith("]")) {
                throw e;
            }
            return sendOnce(notice, new Envelope(envelope.client(), from, envelope.to()));
        }
    }

    private String sendOnce(Notice notice, Envelope envelope) throws MessagingException {
        Session session = Session.getInstance(properties(envelope));
        try (Transport transport = session.getTransport()) {
            transport.connect(server.host(), server.port(), server.user(), server.password());
            MimeMessage message = message(session, envelope, notice);
            transport.sendMessage(message, message.getAllRecipients());
            return String.valueOf(((SMTPTransport) transport).getLastServerResponse())
                    .strip();
        }
    }

    /**
     * How it is sent. Each part has a domain, since servers refuse or mistake what has none (RFC 5321 section 2.3.5).
     *
     * @param client who we are: the full name of this machine, else its address in brackets
     */
    record Envelope(String client, String from, String to) {}

    Envelope envelope() {
        Optional<String> name = machine.full();
        String client = name.orElseGet(server::literalOfClient);
        // A user of ours at no domain means nothing to other servers, but the mailbox by whose password they let us in
        // does.
        String sender = name.isEmpty() && isOwn(from) && server.hasMailbox()
                ? Objects.requireNonNull(server.user())
                : at(client, from);
        return new Envelope(
                client,
                sender,
                machine.configured().map(domain -> at(domain, to)).orElse(to));
    }

    private boolean isOwn(String address) {
        return address.endsWith("@" + machine.own());
    }

    private String at(String domain, String address) {
        return isOwn(address) ? address.substring(0, address.lastIndexOf('@') + 1) + domain : address;
    }

    private Properties properties(Envelope envelope) {
        String protocol = server.security() == SmtpServer.Security.TLS ? "smtps" : "smtp";
        boolean needsTls = server.security() == SmtpServer.Security.STARTTLS;
        String prefix = "mail." + protocol + ".";
        Properties properties = new Properties();
        properties.setProperty("mail.transport.protocol", protocol);
        properties.setProperty("mail.from", envelope.from());
        properties.setProperty(prefix + "localhost", envelope.client());
        properties.setProperty(prefix + "auth", String.valueOf(server.user() != null));
        properties.setProperty(prefix + "starttls.enable", String.valueOf(needsTls));
        properties.setProperty(prefix + "starttls.required", String.valueOf(needsTls));
        properties.setProperty(prefix + "ssl.checkserveridentity", "true");
        properties.setProperty(prefix + "connectiontimeout", CONNECT_MILLIS);
        properties.setProperty(prefix + "timeout", MILLIS);
        properties.setProperty(prefix + "writetimeout", MILLIS);
        if (sockets != null) {
            properties.put(prefix + "ssl.socketFactory", sockets);
        }
        return properties;
    }

    MimeMessage message(Session session, Envelope envelope, Notice notice) throws MessagingException {
        String utf8 = StandardCharsets.UTF_8.name();
        MimeMessage message = new MimeMessage(session);
        message.setFrom(new InternetAddress(envelope.from()));
        message.setRecipient(Message.RecipientType.TO, new InternetAddress(envelope.to()));
        message.setSubject(subject(notice), utf8);
        message.setSentDate(Date.from(notice.time()));
        // Nobody's holiday notice answers (RFC 3834 section 5).
        message.setHeader("Auto-Submitted", "auto-generated");
        message.setText(notice.text(), utf8);
        return message;
    }

    // Words of others that look encoded (RFC 2047) would be decoded by whoever shows them, line breaks and all.
    private static String subject(Notice notice) {
        return ("wucme on " + notice.host() + ": " + notice.subject()).replace("=?", "= ?");
    }

    private static boolean isPermanent(MessagingException e) {
        return parts(e).anyMatch(part -> code(part) >= PERMANENT);
    }

    private static Stream<MessagingException> parts(MessagingException e) {
        return Stream.iterate(e, Objects::nonNull, MailTarget::next);
    }

    private static boolean isSenderRefused(MessagingException e) {
        return parts(e).anyMatch(SMTPSenderFailedException.class::isInstance);
    }

    private static String advice(MessagingException e) {
        return isSenderRefused(e) ? "; the server refuses the sender: name one that it takes in WUCME_MAIL_FROM" : "";
    }

    private static @Nullable MessagingException next(MessagingException e) {
        return e.getNextException() instanceof MessagingException next ? next : null;
    }

    private static int code(MessagingException e) {
        if (e instanceof SMTPSendFailedException failed) {
            return failed.getReturnCode();
        }
        if (e instanceof SMTPAddressFailedException failed) {
            return failed.getReturnCode();
        }
        return e instanceof SMTPSenderFailedException failed ? failed.getReturnCode() : 0;
    }

    // What a layer says of a failure is often only that the one below it failed.
    private static String reasons(MessagingException e) {
        return Stream.<Throwable>iterate(e, Objects::nonNull, Throwable::getCause)
                .map(part -> String.valueOf(part.getMessage()).strip())
                .distinct()
                .limit(3)
                .collect(Collectors.joining(": "));
    }

    @Override
    public String toString() {
        return "mail to " + to + " by " + server;
    }
}
