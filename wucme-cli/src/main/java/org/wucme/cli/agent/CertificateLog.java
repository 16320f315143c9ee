package org.wucme.cli.agent;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wucme.acme.internal.text.Trace;
import org.wucme.cli.Errors;
import org.wucme.cli.LocalMinute;
import org.wucme.cli.Span;
import org.wucme.cli.report.CertificateReport;
import org.wucme.cli.report.Health;
import org.wucme.cli.report.StatusSource;
import org.wucme.manage.CertificateStatus;
import org.wucme.manage.IssuedCertificate;
import org.wucme.manage.ManagerEvent;
import org.wucme.manage.ManagerStatus;

/**
 * Logs each certificate in a line when the agent becomes active, and then daily, so that the log shows that all is well. Of many, those
 * that need attention and those that expire first are logged, and how many more there are. Thread-safe.
 */
final class CertificateLog implements Consumer<ManagerEvent>, AutoCloseable {

    /** How many lines there are at most: fifty can be read, and leave most of the latest lines to what happens. */
    static final int MOST_LINES = 50;

    private static final Logger LOG = LoggerFactory.getLogger(CertificateLog.class);

    // When wµCME looks.
    private static final LocalTime DAILY = LocalTime.of(0, 20);
    private static final int MOST_NAMES = 5;
    private static final Comparator<CertificateReport> URGENT_FIRST = Comparator.comparing(
                    CertificateReport::health, Comparator.<Health>reverseOrder())
            .thenComparing(CertificateLog::endOf);

    // What is to be done after the end is no reason to do anything.
    private final ScheduledExecutorService thread =
            new ScheduledThreadPoolExecutor(1, CertificateLog::daemon, new ThreadPoolExecutor.DiscardPolicy());
    private final StatusSource source;
    private final Clock clock;
    private volatile boolean isActive;

    CertificateLog(StatusSource source, Clock clock) {
        this.source = source;
        this.clock = clock;
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "certificate log");
        thread.setDaemon(true);
        return thread;
    }

    @Override
    public void accept(ManagerEvent event) {
        if (event instanceof ManagerEvent.BecameActive) {
            isActive = true;
            thread.execute(this::logIfActive);
            scheduleNext();
        } else if (event instanceof ManagerEvent.BecameStandby) {
            isActive = false;
        }
    }

    private void scheduleNext() {
        Duration pause = untilNext(clock.instant().atZone(clock.getZone()));
        var unused = thread.schedule(this::daily, pause.toMillis(), TimeUnit.MILLISECONDS);
    }

    static Duration untilNext(ZonedDateTime now) {
        ZonedDateTime today = now.with(DAILY);
        return Duration.between(now, today.isAfter(now) ? today : today.plusDays(1));
    }

    private void daily() {
        if (isActive) {
            logIfActive();
            scheduleNext();
        }
    }

    private void logIfActive() {
        if (!isActive) {
            return;
        }
        try {
            ManagerStatus status = source.read();
            List<CertificateReport> managed = status.certificates().stream()
                    .filter(CertificateStatus::isManaged)
                    .map(certificate -> CertificateReport.of(certificate, status.at()))
                    .toList();
            lines(managed, status.at()).forEach(LOG::info);
        } catch (IOException e) {
            LOG.warn("the certificates cannot be listed: {}", Errors.describe(e));
        } catch (RuntimeException | Error e) {
            LOG.error("unexpected error while the certificates were listed", Trace.of(e));
        }
    }

    /** What is logged of certificates. */
    static List<String> lines(List<CertificateReport> all, Instant now) {
        List<String> lines = all.stream()
                .sorted(URGENT_FIRST)
                .limit(MOST_LINES)
                .map(certificate -> line(certificate, now))
                .collect(Collectors.toCollection(ArrayList::new));
        if (all.isEmpty()) {
            lines.add("there is no certificate yet: \"wucme issue\" with its hosts obtains one");
        } else if (all.size() > MOST_LINES) {
            lines.add("and " + (all.size() - MOST_LINES)
                    + " more certificates, which expire later: \"wucme status\" shows all");
        }
        return lines;
    }

    private static String line(CertificateReport certificate, Instant now) {
        IssuedCertificate life = certificate.life();
        String flaw = certificate.flaws().isEmpty()
                ? ""
                : "; " + certificate.flaws().get(0).text();
        if (life == null) {
            return certificate.name() + " (" + names(certificate) + ")" + flaw;
        }
        Instant due = life.renewal().due();
        return certificate.name() + " (" + names(certificate) + ") "
                + (now.isBefore(life.notAfter()) ? "expires " : "expired ") + moment(life.notAfter(), now) + ", "
                + (now.isBefore(due) ? "renews " : "due since ") + moment(due, now) + flaw;
    }

    private static String names(CertificateReport certificate) {
        List<String> names = certificate.identifiers();
        String first = String.join(", ", names.subList(0, Math.min(MOST_NAMES, names.size())));
        return names.size() <= MOST_NAMES ? first : first + " and " + (names.size() - MOST_NAMES) + " more";
    }

    private static String moment(Instant moment, Instant now) {
        Duration ahead = Duration.between(now, moment);
        return LocalMinute.of(moment) + " ("
                + (ahead.isNegative() ? Span.words(ahead) + " ago" : "in " + Span.words(ahead)) + ")";
    }

    private static Instant endOf(CertificateReport certificate) {
        IssuedCertificate life = certificate.life();
        return life == null ? Instant.MIN : life.notAfter();
    }

    /** Logs nothing more. */
    @Override
    public void close() {
        isActive = false;
        thread.shutdownNow();
    }
}
