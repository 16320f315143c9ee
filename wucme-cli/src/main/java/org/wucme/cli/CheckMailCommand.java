package org.wucme.cli;

import java.util.List;
import org.wucme.cli.notify.NotifySettings;
import org.wucme.cli.notify.Target;
import picocli.CommandLine.Command;

@Command(name = "mail", description = "Sends a mail to each address of WUCME_MAIL, and shows what the server says.")
final class CheckMailCommand extends CheckNoticesCommand {

    @Override
    List<Target> targets(NotifySettings settings) {
        return settings.mailTargets();
    }

    @Override
    String advice() {
        return "set WUCME_MAIL or give --mail";
    }
}
