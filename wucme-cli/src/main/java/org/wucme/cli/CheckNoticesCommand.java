package org.wucme.cli;

import java.io.IOException;
import java.time.Clock;
import java.util.List;
import org.wucme.cli.notify.Notice;
import org.wucme.cli.notify.Notifier;
import org.wucme.cli.notify.NotifySettings;
import org.wucme.cli.notify.Target;

/** Sends a notice to some of the targets that are configured, once, and shows what each said. */
abstract class CheckNoticesCommand extends WucmeCommand {

    /** The targets to try. */
    abstract List<Target> targets(NotifySettings settings);

    /** How to configure one. */
    abstract String advice();

    @Override
    public final Integer call() throws IOException {
        NotifySettings settings = NotifyOptions.ofVariables(globals()).settings(globals());
        List<Target> targets = targets(settings);
        if (targets.isEmpty()) {
            throw new IOException("nobody is to be told: " + advice());
        }
        Notice notice = Notifier.test(settings.host(), Clock.systemUTC());
        return Trial.shownBy(this).tell(targets, notice) ? ExitCode.DONE : ExitCode.FAILED;
    }
}
