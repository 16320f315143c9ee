package org.wucme.cli;

import java.util.List;
import org.wucme.cli.notify.NotifySettings;
import org.wucme.cli.notify.Target;
import picocli.CommandLine.Command;

@Command(
        name = "notify",
        description = {
            "Sends a notice to everything that is told of events: mail, syslog, webhooks and commands.",
            "WUCME_WEBHOOK holds URLs, separated by blanks, where a notice is posted as JSON.",
            "WUCME_NOTIFY_COMMAND holds programs with their arguments, one in a line, which are run without a shell."
        })
final class CheckNotifyCommand extends CheckNoticesCommand {

    @Override
    List<Target> targets(NotifySettings settings) {
        return settings.targets(globals()::http);
    }

    @Override
    String advice() {
        return "set WUCME_MAIL, WUCME_OPCOM, WUCME_WEBHOOK or WUCME_NOTIFY_COMMAND";
    }
}
