package org.wucme.cli.notify;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;
import org.wucme.cli.call.JsonPost;

/**
 * Whom to tell, as an administrator wrote it; null for what was not given.
 *
 * @param host the name of this machine
 * @param mail {@code WUCME_MAIL}: addresses, separated by commas, as in wµCME
 * @param mailFrom who the mail comes from; by default {@code wucme} at this machine, or, if that knows no domain of its own, the
 *     user of {@code smtp}
 * @param smtp the mail server, such as {@code smtp+starttls://USER@HOST}; by default the one of this machine
 * @param smtpPassword the user's password there
 * @param opcom {@code WUCME_OPCOM}: OPCOM's classes of operators, or syslog's facilities, separated by commas
 * @param syslog where a syslog is, separated by blanks; by default, if there is an {@code opcom}, this machine's own
 * @param webhook URLs, separated by blanks
 * @param command programs with their arguments, one in a line
 * @param noticesADay no target is told of more alarms than that in a day, nor of more else
 */
public record NotifySettings(
        String host,
        @Nullable String mail,
        @Nullable String mailFrom,
        @Nullable String smtp,
        @Nullable String smtpPassword,
        @Nullable String opcom,
        @Nullable String syslog,
        @Nullable String webhook,
        @Nullable String command,
        int noticesADay) {

    private static final String OWN_SERVER = "smtp://localhost";

    /**
     * All targets; empty if nobody is to be told.
     *
     * @param http the client for webhooks, asked for only if there are some
     * @throws IllegalArgumentException if something cannot be understood
     */
    public List<Target> targets(Supplier<OkHttpClient> http) {
        List<Target> targets = new ArrayList<>(mailTargets());
        targets.addAll(syslogTargets());
        words(webhook).stream()
                .map(NotifySettings::webhookUrl)
                .map(url -> new WebhookTarget(new JsonPost(url, http.get())))
                .forEach(targets::add);
        lines(command).stream().map(CommandTarget::parse).forEach(targets::add);
        return targets;
    }

    private static HttpUrl webhookUrl(String text) {
        HttpUrl url = parse(text);
        JsonPost.refusal(url).ifPresent(refusal -> {
            throw new IllegalArgumentException("the webhook is refused: " + refusal);
        });
        return url;
    }

    private static HttpUrl parse(String text) {
        try {
            return JsonPost.parse(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("the webhook cannot be understood: " + e.getMessage(), e);
        }
    }

    /** One target for each mail address, so that one that is refused does not keep the others from their mail. */
    public List<Target> mailTargets() {
        if (mail == null) {
            return List.of();
        }
        String from = MailAddresses.address(mailFrom == null ? "wucme" : mailFrom, host);
        SmtpServer server = SmtpServer.parse(smtp == null ? OWN_SERVER : smtp, smtpPassword);
        MachineName machine = new MachineName(host);
        return MailAddresses.parse(mail, host).stream()
                .<Target>map(address -> new MailTarget(address, from, server, machine))
                .toList();
    }

    /** One target for each syslog. */
    public List<Target> syslogTargets() {
        if (opcom == null && syslog == null) {
            return List.of();
        }
        Set<Facility> facilities = opcom == null ? Set.of(Facility.DAEMON) : Facility.parse(opcom);
        return words(syslog == null ? "local" : syslog).stream()
                .<Target>map(where -> SyslogTarget.parse(where, facilities))
                .toList();
    }

    private static List<String> words(@Nullable String text) {
        return text == null
                ? List.of()
                : Arrays.stream(text.split("\\s+"))
                        .filter(word -> !word.isEmpty())
                        .toList();
    }

    private static List<String> lines(@Nullable String text) {
        return text == null
                ? List.of()
                : text.lines().filter(line -> !line.isBlank()).toList();
    }

    /** Nothing: passwords, and URLs and arguments that are secrets, are in it. */
    @Override
    public String toString() {
        return "NotifySettings";
    }
}
