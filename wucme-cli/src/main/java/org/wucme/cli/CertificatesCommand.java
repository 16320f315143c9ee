package org.wucme.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.wucme.acme.Identifier;
import org.wucme.acme.pki.CertificateChain;
import org.wucme.manage.RenewalDecision;
import org.wucme.store.RenewalRecord;
import org.wucme.store.StoredCertificate;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "certificates", description = "Lists the certificates, and how much of their life is left.")
final class CertificatesCommand extends WucmeCommand {

    @Option(names = "--json", description = "As JSON: a list with one object for each certificate.")
    boolean json;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = out();
        // A program may read what we print.
        globals().logTo(err());
        List<StoredCertificate> certificates = globals().openStore().list();
        Instant now = Instant.now();
        if (json) {
            out.println(new ObjectMapper()
                    .writerWithDefaultPrettyPrinter()
                    .writeValueAsString(certificates.stream()
                            .map(certificate -> toJson(certificate, now))
                            .toList()));
        } else {
            CertificateTable.print(certificates, now, out);
        }
        return certificates.isEmpty() ? ExitCode.NOTHING_TO_DO : ExitCode.DONE;
    }

    private static Map<String, @Nullable Object> toJson(StoredCertificate certificate, Instant now) {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        object.put("name", certificate.name());
        object.put("file", certificate.location());
        object.put(
                "identifiers",
                certificate.identifiers().stream().map(Identifier::value).toList());
        CertificateChain chain = certificate.chain();
        if (chain != null) {
            Instant notAfter = chain.leaf().getNotAfter().toInstant();
            object.put("issuer", CertificateTable.issuerOf(chain));
            object.put("serial", chain.leaf().getSerialNumber().toString(16));
            object.put("notBefore", chain.leaf().getNotBefore().toInstant().toString());
            object.put("notAfter", notAfter.toString());
            object.put("dueAt", RenewalDecision.dueAt(chain.leaf()).toString());
            object.put("daysLeft", Duration.between(now, notAfter).toDays());
        }
        RenewalRecord renewal = certificate.renewal();
        if (renewal != null) {
            object.put("directory", renewal.directoryUrl());
            object.put("failures", renewal.failures());
            object.put("lastProblem", renewal.lastProblem());
            object.put("nextAttempt", Objects.toString(renewal.nextAttempt(), null));
        }
        object.put("problem", certificate.problem());
        return object;
    }
}
