package org.wucme.cli.report;

import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot.InfoDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.wucme.manage.IssuedCertificate;

/** Reports as metrics for Prometheus. Moments are seconds since 1970. */
final class ReportMetrics {

    private static final PrometheusTextFormatWriter WRITER = PrometheusTextFormatWriter.create();

    private final List<CertificateReport> managed;
    private final List<MetricSnapshot> metrics = new ArrayList<>();

    private ReportMetrics(Report report) {
        // Nobody is to be woken by a certificate that is left alone.
        this.managed = report.certificates().stream()
                .filter(CertificateReport::isManaged)
                .toList();
    }

    static String contentType() {
        return WRITER.getContentType();
    }

    static String write(Report report, String version) {
        ReportMetrics metrics = new ReportMetrics(report);
        metrics.addProgram(version);
        metrics.addManager(report.manager());
        metrics.addCertificates();
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        try {
            WRITER.write(text, new MetricSnapshots(metrics.metrics));
        } catch (IOException e) {
            throw new IllegalStateException("memory can always be written", e);
        }
        return text.toString(StandardCharsets.UTF_8);
    }

    private void addProgram(String version) {
        metrics.add(InfoSnapshot.builder()
                .name("wucme_build")
                .help("The running program.")
                .dataPoint(InfoDataPointSnapshot.builder()
                        .labels(Labels.of("version", version))
                        .build())
                .build());
    }

    private void addManager(ManagerState manager) {
        addGauge(
                "wucme_manager_active",
                "Whether this process takes care of the store (1) or stands by (0).",
                isActive(manager));
        addMoment(
                "wucme_last_success_timestamp_seconds",
                "When this process last got a certificate.",
                manager.lastSuccess());
        addCounter("wucme_renewals", "Certificates that this process got.", manager.renewals());
        addCounter("wucme_renewal_failures", "Attempts of this process that failed.", manager.failures());
    }

    private static double isActive(ManagerState manager) {
        return manager.role() == ManagerState.Role.ACTIVE ? 1 : 0;
    }

    private void addCertificates() {
        addCounts();
        addMoments("not_before", "From when the certificate is valid.", life -> life.notBefore());
        addMoments("expiry", "When the certificate expires.", life -> life.notAfter());
        addMoments(
                "due",
                "When the certificate is to be renewed.",
                life -> life.renewal().due());
        add(
                "failures",
                "Attempts that failed since the last success.",
                each -> each.status().spec() == null
                        ? null
                        : (double) each.status().attempts().failures());
        add(
                "next_attempt_timestamp_seconds",
                "When the certificate is tried again after a failure.",
                each -> seconds(each.nextAttempt()));
        add(
                "deployments_owed",
                "Who has not been told yet of the present certificate.",
                each -> each.status().spec() == null
                        ? null
                        : (double) each.status().deployments().pending().size());
        add(
                "healthy",
                "Whether all is well with the certificate (1) or something needs attention (0).",
                each -> each.health() == Health.OK ? 1.0 : 0.0);
    }

    private void addCounts() {
        GaugeSnapshot.Builder counts =
                GaugeSnapshot.builder().name("wucme_certificates").help("Certificates by health.");
        for (Health health : Health.values()) {
            long count = managed.stream()
                    .filter(certificate -> certificate.health() == health)
                    .count();
            counts.dataPoint(GaugeDataPointSnapshot.builder()
                    .labels(Labels.of("health", health.toString()))
                    .value((double) count)
                    .build());
        }
        metrics.add(counts.build());
    }

    private void addMoments(String what, String help, Function<IssuedCertificate, Instant> moment) {
        add(
                what + "_timestamp_seconds",
                help,
                certificate -> certificate.life() == null ? null : seconds(moment.apply(certificate.life())));
    }

    private void add(String what, String help, Function<CertificateReport, @Nullable Double> value) {
        GaugeSnapshot.Builder gauge =
                GaugeSnapshot.builder().name("wucme_certificate_" + what).help(help);
        for (CertificateReport certificate : managed) {
            Double present = value.apply(certificate);
            if (present != null) {
                gauge.dataPoint(GaugeDataPointSnapshot.builder()
                        .labels(labels(certificate))
                        .value(present)
                        .build());
            }
        }
        metrics.add(gauge.build());
    }

    private static Labels labels(CertificateReport certificate) {
        List<String> identifiers = certificate.identifiers();
        return Labels.of(
                "certificate", certificate.name(), "identifier", identifiers.isEmpty() ? "" : identifiers.get(0));
    }

    private void addMoment(String name, String help, @Nullable Instant moment) {
        if (moment != null) {
            addGauge(name, help, (double) moment.getEpochSecond());
        }
    }

    private void addGauge(String name, String help, double value) {
        metrics.add(GaugeSnapshot.builder()
                .name(name)
                .help(help)
                .dataPoint(GaugeDataPointSnapshot.builder().value(value).build())
                .build());
    }

    private void addCounter(String name, String help, long value) {
        metrics.add(CounterSnapshot.builder()
                .name(name)
                .help(help)
                .dataPoint(
                        CounterDataPointSnapshot.builder().value((double) value).build())
                .build());
    }

    private static @Nullable Double seconds(@Nullable Instant moment) {
        return moment == null ? null : (double) moment.getEpochSecond();
    }
}
