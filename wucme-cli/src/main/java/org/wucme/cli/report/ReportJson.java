package org.wucme.cli.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.wucme.acme.pki.ChainPreference;
import org.wucme.cli.Span;
import org.wucme.store.DeploymentFailure;
import org.wucme.store.RenewalRecord;

/** Reports as JSON. Moments are as in RFC 3339, in UTC. */
public final class ReportJson {

    private static final ObjectWriter WRITER = new ObjectMapper().writerWithDefaultPrettyPrinter();

    private ReportJson() {}

    /** The whole report: an object. */
    public static String write(Report report) {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        object.put("at", report.at().toString());
        object.put("health", report.health().toString());
        object.put("manager", manager(report.manager()));
        object.put("certificates", list(report));
        return text(object);
    }

    /** The certificates alone: a list with an object for each. */
    public static String writeCertificates(Report report) {
        return text(list(report));
    }

    private static String text(Object value) {
        try {
            return WRITER.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("texts, numbers, maps and lists can always be written", e);
        }
    }

    private static List<Map<String, @Nullable Object>> list(Report report) {
        return report.certificates().stream()
                .map(certificate -> certificate(certificate, report.at()))
                .toList();
    }

    private static Map<String, @Nullable Object> manager(ManagerState manager) {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        object.put("role", manager.role().toString());
        object.put("who", manager.who());
        object.put("since", text(manager.since()));
        object.put("renewals", manager.renewals());
        object.put("failures", manager.failures());
        object.put("lastSuccess", text(manager.lastSuccess()));
        return object;
    }

    private static Map<String, @Nullable Object> certificate(CertificateReport certificate, Instant now) {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        object.put("name", certificate.name());
        object.put("file", certificate.file());
        object.put("identifiers", certificate.identifiers());
        object.put("managed", certificate.isManaged());
        object.put("health", certificate.health().toString());
        object.put("findings", certificate.flaws().stream().map(Flaw::text).toList());
        Life life = certificate.life();
        if (life != null) {
            putLife(object, life, now);
        }
        RenewalRecord renewal = certificate.renewal();
        if (renewal != null) {
            putRenewal(object, renewal);
        }
        object.put("problem", certificate.problem());
        return object;
    }

    private static void putLife(Map<String, @Nullable Object> object, Life life, Instant now) {
        object.put("issuer", life.issuer());
        object.put("serial", life.serial());
        object.put("notBefore", life.notBefore().toString());
        object.put("notAfter", life.notAfter().toString());
        object.put("daysLeft", Span.days(Duration.between(now, life.notAfter())));
        RenewalWindow window = life.renewal();
        object.put("dueAt", window.due().toString());
        object.put("windowStart", window.start().toString());
        object.put("windowEnd", window.end().toString());
        object.put("windowSuggested", window.isSuggested());
        object.put("explanationUrl", window.explanationUrl());
    }

    private static void putRenewal(Map<String, @Nullable Object> object, RenewalRecord renewal) {
        object.put("directory", renewal.spec().directoryUrl());
        object.put("issuedBy", renewal.issuer());
        object.put("profile", renewal.spec().profile());
        ChainPreference chain = renewal.spec().preferredChain();
        object.put("preferredChain", chain == null ? null : chain.value());
        object.put("challenge", renewal.spec().challengeType());
        object.put("failures", renewal.attempts().failures());
        object.put("lastProblem", renewal.attempts().lastProblem());
        object.put("nextAttempt", text(renewal.attempts().nextAttempt()));
        object.put("deploymentsOwed", renewal.deployments().pending());
        object.put("deployed", renewal.deployments().done());
        DeploymentFailure failure = renewal.deployments().failure();
        object.put("deploymentFailures", failure == null ? 0 : failure.failures());
        object.put("deploymentProblem", failure == null ? null : failure.problem());
        object.put("deploymentNextAttempt", failure == null ? null : text(failure.nextAttempt()));
    }

    private static @Nullable String text(@Nullable Instant moment) {
        return Objects.toString(moment, null);
    }
}
