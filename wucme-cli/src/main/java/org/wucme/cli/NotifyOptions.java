package org.wucme.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.wucme.cli.notify.NotifySettings;
import picocli.CommandLine.Option;

/** Whom to tell what happened to certificates. */
final class NotifyOptions {

    @Option(
            names = "--mail",
            paramLabel = "ADDRESSES",
            description = "Who gets mail, separated by commas; a name without @ is a user of this machine.")
    @Nullable
    String mail;

    @Option(
            names = "--mail-from",
            paramLabel = "ADDRESS",
            description =
                    "Who that mail comes from (default: wucme at this machine's full name; without a domain, the user"
                            + " of the mail server if that is a mailbox, else wucme at this machine's address).")
    @Nullable
    String mailFrom;

    @Option(
            names = "--smtp",
            paramLabel = "URL",
            description = {
                "The mail server: smtp+starttls://USER@HOST[:PORT], smtps://USER@HOST[:PORT], or without encryption"
                        + " smtp://HOST[:PORT] (default: smtp://localhost).",
                "A / or %% in USER is written as %%2F or %%25. The password is in WUCME_SMTP_PASSWORD, or in a file."
            })
    @Nullable
    String smtp;

    @Option(
            names = "--smtp-password-file",
            paramLabel = "FILE",
            description = "A file with the user's password at the mail server, in its first line.")
    @Nullable
    Path smtpPasswordFile;

    @Option(
            names = "--opcom",
            paramLabel = "CLASSES",
            description = {
                "Notices go to syslog, in the place of OPCOM: classes of operators, separated by commas, such as central,"
                        + "software,oper2; or syslog's facilities, such as daemon,local1.",
            })
    @Nullable
    String opcom;

    @Option(
            names = "--syslog",
            paramLabel = "WHERE",
            description =
                    "local, udp://HOST[:PORT] or tcp://HOST[:PORT]; several separated by blanks (default: local).")
    @Nullable
    String syslog;

    @Option(
            names = "--webhook",
            paramLabel = "URL",
            description = "Notices are posted there as JSON; several separated by blanks.")
    @Nullable
    String webhook;

    @Option(
            names = "--notify-command",
            paramLabel = "COMMAND",
            description = {
                "A program that is run for each notice, with arguments, without a shell; several in lines of their own.",
                "It learns from WUCME_EVENT, WUCME_NAMES, WUCME_FILES and WUCME_SUBJECT what happened, and can read the"
                        + " text."
            })
    @Nullable
    String notifyCommand;

    @Option(
            names = "--notices-a-day",
            paramLabel = "NUMBER",
            defaultValue = "100",
            description =
                    "Nobody is told of more alarms than that in a day, nor of more else; only that what failed is well"
                            + " again is always told (default: ${DEFAULT-VALUE}).")
    int noticesADay;

    /** As the variables say. */
    static NotifyOptions ofVariables(Globals globals) {
        return EnvironmentDefaults.fill(new NotifyOptions(), globals.environment());
    }

    /** What was given, read with the secrets that no option shows. */
    NotifySettings settings(Globals globals) throws IOException {
        return new NotifySettings(
                hostName(),
                mail,
                mailFrom,
                smtp,
                smtpPassword(globals),
                opcom,
                syslog,
                webhook,
                notifyCommand,
                noticesADay);
    }

    private @Nullable String smtpPassword(Globals globals) throws IOException {
        Path file = smtpPasswordFile;
        return file == null ? globals.environment().get("WUCME_SMTP_PASSWORD") : SecretFile.read(file);
    }

    /** The name of this machine. */
    static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }
}
