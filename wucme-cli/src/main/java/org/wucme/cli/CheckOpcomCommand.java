package org.wucme.cli;

import java.util.List;
import org.wucme.cli.notify.NotifySettings;
import org.wucme.cli.notify.Target;
import picocli.CommandLine.Command;

@Command(
        name = "opcom",
        description = "Sends a message to syslog, as WUCME_OPCOM and WUCME_SYSLOG say, in the place of OPCOM.")
final class CheckOpcomCommand extends CheckNoticesCommand {

    @Override
    List<Target> targets(NotifySettings settings) {
        return settings.syslogTargets();
    }

    @Override
    String advice() {
        return "set WUCME_OPCOM or WUCME_SYSLOG, or give --opcom or --syslog";
    }
}
