package org.wucme.cli.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.wucme.acme.pki.ChainPreference;
import org.wucme.cli.Span;
import org.wucme.manage.IssuedCertificate;
import org.wucme.manage.RenewalWindow;
import org.wucme.store.Attempts;
import org.wucme.store.CertificateSpec;
import org.wucme.store.DeploymentFailure;
import org.wucme.store.Deployments;

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
        IssuedCertificate life = certificate.life();
        if (life != null) {
            putLife(object, life, now);
        }
        CertificateSpec spec = certificate.status().spec();
        if (spec != null) {
            putSpec(object, spec, certificate.status().issuedBy());
            putAttempts(object, certificate.status().attempts());
            putDeployments(object, certificate.status().deployments());
        }
        object.put("problem", certificate.problem());
        return object;
    }

    private static void putLife(Map<String, @Nullable Object> object, IssuedCertificate life, Instant now) {
        object.put("issuer", life.issuer());
        object.put("serial", life.serial());
        object.put("notBefore", life.notBefore().toString());
        object.put("notAfter", life.notAfter().toString());
        object.put("daysLeft", Span.days(life.remaining(now)));
        RenewalWindow window = life.renewal();
        object.put("dueAt", window.due().toString());
        object.put("windowStart", window.start().toString());
        object.put("windowEnd", window.end().toString());
        object.put("windowSuggested", window.isSuggested());
        object.put("explanationUrl", window.explanationUrl());
    }

    private static void putSpec(Map<String, @Nullable Object> object, CertificateSpec spec, @Nullable String issuedBy) {
        object.put("directory", spec.directoryUrl());
        object.put("issuedBy", issuedBy);
        object.put("profile", spec.profile());
        ChainPreference chain = spec.preferredChain();
        object.put("preferredChain", chain == null ? null : chain.value());
        object.put("challenge", spec.challengeType());
    }

    private static void putAttempts(Map<String, @Nullable Object> object, Attempts attempts) {
        object.put("failures", attempts.failures());
        object.put("lastProblem", attempts.lastProblem());
        object.put("nextAttempt", text(attempts.nextAttempt()));
    }

    private static void putDeployments(Map<String, @Nullable Object> object, Deployments deployments) {
        object.put("deploymentsOwed", deployments.pending());
        object.put("deployed", deployments.done());
        DeploymentFailure failure = deployments.failure();
        object.put("deploymentFailures", failure == null ? 0 : failure.failures());
        object.put("deploymentProblem", failure == null ? null : failure.problem());
        object.put("deploymentNextAttempt", failure == null ? null : text(failure.nextAttempt()));
    }

    private static @Nullable String text(@Nullable Instant moment) {
        return Objects.toString(moment, null);
    }
}
