package org.wucme.cli.notify;

import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import okhttp3.tls.HeldCertificate;
import org.wucme.acme.pki.CertificateChain;
import org.wucme.manage.ManagerEvent;
import org.wucme.store.StoredCertificate;

/** Events and notices to send. */
final class Samples {

    static final Instant NOW = Instant.parse("2026-11-22T00:20:01.500Z");
    static final String HOST = "web1.example.org";
    static final String NAME = "WWW_EXAMPLE_ORG";

    private Samples() {}

    static Notices notices() {
        return new Notices(
                HOST,
                Clock.fixed(NOW, ZoneOffset.UTC),
                name -> name.equals(NAME) ? List.of("www.example.org", "example.org") : List.of());
    }

    static Notice notice(ManagerEvent event) {
        return notices().of(event).orElseThrow();
    }

    static ManagerEvent.Failed failed(String why) {
        return new ManagerEvent.Failed(NAME, new IOException(why), NOW.plusSeconds(3600));
    }

    static ManagerEvent.Renewed renewed() {
        return new ManagerEvent.Renewed(certificate());
    }

    static StoredCertificate certificate() {
        HeldCertificate held = new HeldCertificate.Builder()
                .commonName("www.example.org")
                .addSubjectAlternativeName("www.example.org")
                .addSubjectAlternativeName("example.org")
                .serialNumber(0xcafeL)
                .validityInterval(
                        NOW.toEpochMilli(),
                        Instant.parse("2027-02-20T00:20:00Z").toEpochMilli())
                .build();
        CertificateChain chain = new CertificateChain(List.of(held.certificate()));
        return new StoredCertificate(NAME, "/etc/wucme/WUCME_C_WWW_EXAMPLE_ORG.PEM", chain, null, null, null);
    }

    /** A notice of an event about a certificate, at a time. */
    static Notice notice(Notice.Event event, String certificate, Instant time) {
        return new Notice(
                event, certificate, List.of(), List.of(), event.word() + " " + certificate, "", List.of(), time, HOST);
    }
}
