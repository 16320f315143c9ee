package org.wucme.cli;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.wucme.acme.internal.text.OneLine;
import org.wucme.acme.internal.text.Trace;
import org.wucme.cli.load.LoadEvent;
import org.wucme.cli.notify.Notifier;
import org.wucme.cli.notify.NotifySettings;
import org.wucme.cli.notify.Target;
import org.wucme.manage.CertificateManager;
import org.wucme.manage.Outcome;
import org.wucme.store.ActiveManager;
import org.wucme.store.StoredCertificate;
import org.wucme.store.file.FileStore;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "manage",
        description = {
            "Renews every certificate that is due, once. To be run daily, or more often for certificates of a few"
                    + " days: an alarm for the same reason is sent once a day, however often it runs.",
            "Each goes to the CA that it came from, and is proven as it was issued: give the same ports",
            "and the same webroot, or set WUCME_HTTP_PORT, WUCME_TLS_PORT and WUCME_WEBROOT for both.",
            "Notices are sent before it ends, within half a minute; the next run sends what was not delivered."
        })
final class ManageCommand extends WucmeCommand {

    @Mixin
    final ChallengeOptions challenges = new ChallengeOptions();

    @Mixin
    final LoadOptions loads = new LoadOptions();

    @Option(names = "--now", description = "What failed before is tried at once, whatever pause it would wait for.")
    boolean now;

    @Mixin
    final NotifyOptions notices = new NotifyOptions();

    @Mixin
    final ActiveOption active = new ActiveOption();

    @Mixin
    final MaintenanceOption maintenance = new MaintenanceOption();

    @Override
    public Integer call() throws IOException {
        Globals globals = globals();
        FileStore store = globals.openStore();
        CertificateManager.Builder builder = CertificateManager.builder(store)
                .connect(globals::connect)
                .solvers(challenges.solvers(globals))
                .progress(globals.progress());
        Optional<ActiveManager> other = active.isActive ? Optional.empty() : store.active();
        Optional<Duration> interval = ManageRuns.begin(globals.here(), Instant.now())
                .interval()
                // An active agent does not wait for the next run.
                .filter(known -> other.isEmpty());
        interval.ifPresent(builder::wakeInterval);
        ShownLoads shown = new ShownLoads(loads.actions(globals, LoadEvent.LOAD), out(), err());
        shown.addTo(builder);
        maintenance.addTo(builder);
        if (active.isActive) {
            builder.alwaysActive();
        } else {
            other.ifPresent(this::tellOf);
        }
        // The manager ends first: what it tells then is told, too.
        try (Notifier notifier = notifier(store)) {
            if (notifier != null) {
                builder.listener(notifier);
            }
            try (CertificateManager manager = builder.build()) {
                if (now) {
                    manager.retryNow();
                }
                List<Outcome> outcomes = manager.renewDue();
                interval.ifPresent(known -> warnOfExpiry(outcomes, known));
                return report(outcomes, shown.failed());
            }
        }
    }

    /** Null if nobody is to be told, or can be: a certificate is renewed all the same. */
    private @Nullable Notifier notifier(FileStore store) {
        try {
            NotifySettings settings = notices.settings(globals());
            List<Target> targets = settings.targets(globals()::http);
            return targets.isEmpty()
                    ? null
                    : Notifier.startForOnce(
                            settings.host(),
                            store,
                            targets,
                            settings.noticesADay(),
                            Clock.system(ZoneId.systemDefault()));
        } catch (IOException | IllegalArgumentException e) {
            err().println("wucme: nobody is told of this: " + Errors.describe(e));
            return null;
        }
    }

    // Not an obstacle: the two never work on the same certificate at once.
    private void tellOf(ActiveManager other) {
        out().println(OneLine.of(other.toString())
                + ", takes care of this store too: what it is at work on is its own");
    }

    private void warnOfExpiry(List<Outcome> outcomes, Duration interval) {
        Instant next = Instant.now().plus(interval);
        for (Outcome outcome : outcomes) {
            StoredCertificate certificate = outcome.certificate();
            Instant end = certificate.notAfter();
            boolean isRenewable = outcome instanceof Outcome.Current || outcome instanceof Outcome.Obtained;
            if (isRenewable && end != null && end.isBefore(next)) {
                err().println("wucme: warning: " + certificate.name() + " expires at " + LocalMinute.of(end)
                        + ", before the next run: \"manage\" has run every " + Span.words(interval)
                        + " lately; run it more often, or use \"wucme agent\"");
            }
        }
    }

    private int report(List<Outcome> outcomes, int failedLoads) {
        outcomes.forEach(this::print);
        long renewed =
                outcomes.stream().filter(Outcome.Obtained.class::isInstance).count();
        long failed = outcomes.stream().filter(ManageCommand::isTrouble).count();
        out().println(outcomes.size() + (outcomes.size() == 1 ? " certificate, " : " certificates, ") + renewed
                + " renewed, " + failed + " failed"
                + (failedLoads == 0 ? "" : ", " + failedLoads + (failedLoads == 1 ? " load" : " loads") + " failed"));
        if (failed > 0 || failedLoads > 0) {
            return ExitCode.FAILED;
        }
        return renewed > 0 ? ExitCode.DONE : ExitCode.NOTHING_TO_DO;
    }

    private void print(Outcome outcome) {
        Outcomes.print(outcome, isTrouble(outcome) ? err() : out());
        if (globals().verbose && outcome instanceof Outcome.Failed failed) {
            Trace.of(failed.cause()).printStackTrace(err());
        }
    }

    private static boolean isTrouble(Outcome outcome) {
        return outcome instanceof Outcome.Failed || outcome instanceof Outcome.NeedsHelp;
    }
}
