package org.wucme.cli.notify;

import java.io.IOException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wucme.acme.AcmeClockException;
import org.wucme.acme.Identifier;
import org.wucme.acme.internal.text.Trace;
import org.wucme.acme.pki.CertificateChain;
import org.wucme.cli.Errors;
import org.wucme.cli.LocalMinute;
import org.wucme.manage.ManagerEvent;
import org.wucme.store.CertificateStore;
import org.wucme.store.StoredCertificate;

/** Says in an administrator's words what happened, if it is worth a notice. */
final class Notices {

    private static final Logger LOG = LoggerFactory.getLogger(Notices.class);

    private static final String WHERE_TO_LOOK =
            "This does not pass by itself. \"wucme certificates\" shows all certificates, the log tells each step.";

    private final String host;
    private final Clock clock;
    private final Function<String, List<String>> namesOf;

    /**
     * For one machine.
     *
     * @param namesOf what a certificate is for, by what the store calls it; empty if that is not known
     */
    Notices(String host, Clock clock, Function<String, List<String>> namesOf) {
        this.host = host;
        this.clock = clock;
        this.namesOf = namesOf;
    }

    /** For one machine, and the certificates of a store. */
    static Notices of(String host, CertificateStore store, Clock clock) {
        return new Notices(host, clock, name -> namesOf(store, name));
    }

    // Even a store that cannot be read is no reason to be silent: that may be what there is to tell.
    private static List<String> namesOf(CertificateStore store, String name) {
        try {
            return store.load(name).map(Notices::namesOf).orElse(List.of());
        } catch (IOException e) {
            LOG.debug("the names of {} are not known", name, Trace.of(e));
            return List.of();
        }
    }

    /** A notice that tells only that notices arrive. */
    Notice test() {
        return general(Notice.Event.TEST, "this is a test", "Somebody tries whether notices arrive: this one did.");
    }

    /** What to tell of an event; empty if nobody needs to know. */
    Optional<Notice> of(ManagerEvent event) {
        if (event instanceof ManagerEvent.Obtained obtained) {
            return Optional.of(success(Notice.Event.OBTAINED, "obtained", obtained.certificate()));
        }
        if (event instanceof ManagerEvent.Renewed renewed) {
            return Optional.of(success(Notice.Event.RENEWED, "renewed", renewed.certificate()));
        }
        if (event instanceof ManagerEvent.Failed failed) {
            return Optional.of(failure(failed));
        }
        if (event instanceof ManagerEvent.Alarm alarm) {
            return ofAlarm(alarm);
        }
        if (event instanceof ManagerEvent.RenewalTimeChosen moved) {
            return Optional.ofNullable(moved.explanationUrl()).map(page -> moved(moved, page));
        }
        if (event instanceof ManagerEvent.BecameActive) {
            return Optional.of(general(
                    Notice.Event.TAKEOVER,
                    "the agent on this host takes over",
                    "The one that took care of the certificates has ended; from now on this one does."));
        }
        if (event instanceof ManagerEvent.DeploymentFailed failed) {
            return Optional.of(notLoaded(failed));
        }
        if (event instanceof ManagerEvent.Deployed deployed) {
            String verb = "\"" + deployed.deployment() + "\" worked at last";
            return Optional.of(success(Notice.Event.LOADED, verb, deployed.certificate()));
        }
        if (event instanceof ManagerEvent.EventsLost lost) {
            return Optional.of(general(
                    Notice.Event.EVENTS_LOST,
                    lost.count() + " events were not told",
                    "So much happened that no notice was made of it. The log tells each step."));
        }
        if (event instanceof ManagerEvent.Trouble trouble) {
            return Optional.of(general(
                    Notice.Event.TROUBLE,
                    "the agent goes on after trouble: " + Errors.describe(trouble.cause()),
                    "It tries again by itself. If this comes again and again, its log tells more."));
        }
        return Optional.empty();
    }

    private Notice success(Notice.Event event, String verb, StoredCertificate certificate) {
        List<String> names = namesOf(certificate);
        CertificateChain chain = certificate.chain();
        List<String> lines = new ArrayList<>();
        lines.add("Names: " + String.join(", ", names));
        String until = "";
        if (chain != null) {
            X509Certificate leaf = chain.leaf();
            Instant end = leaf.getNotAfter().toInstant();
            until = ", valid until " + LocalMinute.of(end);
            lines.add("Valid until: " + end);
            lines.add("Serial number: " + leaf.getSerialNumber().toString(16));
            lines.add("Issued by: " + leaf.getIssuerX500Principal().getName());
        }
        lines.add("Stored as: " + certificate.location());
        String title = titleOf(certificate.name(), names) + ": " + verb + until;
        List<String> files = List.of(certificate.location());
        return new Notice(event, certificate.name(), names, files, title, "", lines, clock.instant(), host);
    }

    /** What a certificate is for, as texts. */
    static List<String> namesOf(StoredCertificate certificate) {
        return certificate.identifiers().stream().map(Identifier::value).toList();
    }

    private static String titleOf(String certificate, List<String> names) {
        if (names.isEmpty()) {
            return certificate;
        }
        int more = names.size() - 1;
        return names.get(0) + (more == 0 ? "" : " and " + more + " more");
    }

    private Notice failure(ManagerEvent.Failed failed) {
        String before = "What was stored before is as it was. " + next(failed.nextAttempt());
        String why = Errors.describe(failed.cause());
        if (!failed.needsHuman()) {
            return about(failed.name(), Notice.Event.FAILED, "not obtained or renewed", why, before);
        }
        boolean isClock = failed.cause() instanceof AcmeClockException;
        return about(
                failed.name(),
                isClock ? Notice.Event.NEEDS_HELP : Notice.Event.REFUSED,
                isClock ? "ALARM: needs help" : "ALARM: needs help: renewal is refused",
                why,
                before,
                WHERE_TO_LOOK);
    }

    private Notice notLoaded(ManagerEvent.DeploymentFailed failed) {
        String why = Errors.describe(failed.cause());
        return about(
                failed.certificate().name(),
                Notice.Event.NOT_LOADED,
                "stored, but \"" + failed.deployment() + "\" failed",
                why,
                "The certificate is in the store; whoever was to be told may still use the one before. "
                        + next(failed.nextAttempt()));
    }

    private static String next(@Nullable Instant attempt) {
        return attempt == null
                ? "It is tried again at the next occasion."
                : "It is not tried again before " + LocalMinute.notBefore(attempt) + " (" + attempt + ").";
    }

    private Optional<Notice> ofAlarm(ManagerEvent.Alarm alarm) {
        return switch (alarm.reason()) {
            case EXPIRES_SOON -> Optional.of(alarm(alarm, Notice.Event.EXPIRES_SOON, "expires soon"));
            case EXPIRED -> Optional.of(alarm(alarm, Notice.Event.EXPIRED, "has expired"));
            case NEEDS_HELP -> Optional.of(alarm(alarm, Notice.Event.NEEDS_HELP, "needs help"));
            case NOT_DEPLOYED -> Optional.of(alarm(alarm, Notice.Event.STILL_NOT_LOADED, "needs help"));
            // The failure itself is reported as an alarm, with all that is known of it.
            case PERMANENT_PROBLEM, WRONG_CLOCK -> Optional.empty();
        };
    }

    private Notice alarm(ManagerEvent.Alarm alarm, Notice.Event event, String what) {
        return about(alarm.name(), event, "ALARM: " + what, alarm.message(), WHERE_TO_LOOK);
    }

    private Notice moved(ManagerEvent.RenewalTimeChosen moved, String page) {
        Instant when = moved.after().chosen();
        return about(
                moved.name(),
                Notice.Event.RENEWAL_MOVED,
                "the CA explains when it is to be renewed",
                page,
                "It is renewed at " + LocalMinute.of(when) + " (" + when + "), without your doing.",
                "The CA's page gives the reason.");
    }

    private Notice about(String certificate, Notice.Event event, String what, String reason, String... lines) {
        List<String> names = namesOf.apply(certificate);
        List<String> all = new ArrayList<>();
        if (!names.isEmpty()) {
            all.add("Names: " + String.join(", ", names));
        }
        all.add(reason);
        all.addAll(List.of(lines));
        String title = titleOf(certificate, names) + ": " + what;
        return new Notice(event, certificate, names, List.of(), title, reason, all, clock.instant(), host);
    }

    private Notice general(Notice.Event event, String title, String line) {
        return new Notice(event, "", List.of(), List.of(), title, "", List.of(line), clock.instant(), host);
    }
}
