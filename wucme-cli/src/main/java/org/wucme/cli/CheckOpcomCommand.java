package org.wucme.cli;

import java.util.List;
import org.wucme.cli.notify.NotifySettings;
import org.wucme.cli.notify.Target;
import picocli.CommandLine.Command;

@Command(
        name = "opcom",
        description = {
            "Sends a message to syslog, which stands in the place of OPCOM.",
            "WUCME_OPCOM holds classes of operators, separated by commas, such as central,software,oper2, or syslog's"
                    + " facilities, such as daemon,local1.",
            "WUCME_SYSLOG says where: local, udp://HOST[:PORT] or tcp://HOST[:PORT]; several are separated by blanks"
                    + " (default: local)."
        })
final class CheckOpcomCommand extends CheckNoticesCommand {

    @Override
    List<Target> targets(NotifySettings settings) {
        return settings.syslogTargets();
    }

    @Override
    String advice() {
        return "set WUCME_OPCOM or WUCME_SYSLOG";
    }
}
