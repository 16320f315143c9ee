package org.wucme.cli;

import java.util.List;
import org.wucme.cli.notify.NotifySettings;
import org.wucme.cli.notify.Target;
import picocli.CommandLine.Command;

@Command(
        name = "mail",
        description = {
            "Sends a mail to each address of WUCME_MAIL, and shows what the server says.",
            "WUCME_MAIL holds addresses, separated by commas; a name without @ is a user of this machine."
                    + " WUCME_MAIL_FROM is the sender (default: wucme at this machine).",
            "WUCME_SMTP names the server: smtp+starttls://USER@HOST[:PORT], smtps://USER@HOST[:PORT], or without"
                    + " encryption smtp://HOST[:PORT] (default: smtp://localhost). WUCME_SMTP_PASSWORD holds the"
                    + " user's password, or WUCME_SMTP_PASSWORD_FILE names a file with it."
        })
final class CheckMailCommand extends CheckNoticesCommand {

    @Override
    List<Target> targets(NotifySettings settings) {
        return settings.mailTargets();
    }

    @Override
    String advice() {
        return "set WUCME_MAIL";
    }
}
