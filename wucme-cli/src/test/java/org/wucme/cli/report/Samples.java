package org.wucme.cli.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import okhttp3.tls.HeldCertificate;
import org.jspecify.annotations.Nullable;
import org.wucme.acme.Ca;
import org.wucme.acme.Identifier;
import org.wucme.acme.RenewalTime;
import org.wucme.acme.pki.CertificateChain;
import org.wucme.cli.TestWrites;
import org.wucme.manage.CertificateManager;
import org.wucme.manage.ManagerStatus;
import org.wucme.store.ActiveManager;
import org.wucme.store.AriChoice;
import org.wucme.store.Attempts;
import org.wucme.store.CertificateSpec;
import org.wucme.store.CertificateStore;
import org.wucme.store.Deployments;
import org.wucme.store.RenewalRecord;
import org.wucme.store.StoredCertificate;
import org.wucme.store.file.FileStore;

/** Certificates in all the states that an administrator may meet, as they are at {@link #NOW}. */
final class Samples {

    static final Instant NOW = Instant.parse("2026-11-22T09:30:00Z");
    static final String DIRECTORY = "https://acme-v02.api.letsencrypt.org/directory";
    static final Duration DAY = Duration.ofDays(1);

    private static final HeldCertificate ROOT = new HeldCertificate.Builder()
            .commonName("E7")
            .certificateAuthority(0)
            .build();

    private Samples() {}

    static Instant daysAgo(double days) {
        return daysAhead(-days);
    }

    static Instant daysAhead(double days) {
        return NOW.plusSeconds((long) (days * DAY.toSeconds()));
    }

    static RenewalRecord record(String... names) {
        return RenewalRecord.of(
                CertificateSpec.builder(names).ca(Ca.of(DIRECTORY)).build());
    }

    static HeldCertificate certificate(Instant from, Instant to, List<Identifier> names) {
        HeldCertificate.Builder builder =
                new HeldCertificate.Builder().signedBy(ROOT).validityInterval(from.toEpochMilli(), to.toEpochMilli());
        names.forEach(name -> builder.addSubjectAlternativeName(name.value()));
        return builder.build();
    }

    /** A certificate that came a while ago and lasts for a while, and its record as somebody changes it. */
    static StoredCertificate stored(
            double daysOld, double lifetime, UnaryOperator<RenewalRecord> change, String... names) {
        RenewalRecord record = change.apply(record(names));
        Instant from = daysAgo(daysOld);
        X509Certificate leaf = certificate(
                        from,
                        from.plusSeconds((long) (lifetime * DAY.toSeconds())),
                        record.spec().identifiers())
                .certificate();
        String name = names[0].toUpperCase(Locale.ROOT).replace('.', '_');
        return new StoredCertificate(
                name, "/store/WUCME_C_" + name + ".PEM", new CertificateChain(List.of(leaf)), null, record, null);
    }

    /** The report on one certificate of a store. */
    static CertificateReport report(StoredCertificate stored) {
        return CertificateReport.of(status(List.of(stored)).certificates().get(0), NOW);
    }

    /** The status of a store that holds these certificates. */
    static ManagerStatus status(List<StoredCertificate> all) {
        InvocationHandler answers = (proxy, method, arguments) -> switch (method.getName()) {
            case "list" -> all;
            case "active" -> Optional.empty();
            default -> method.isDefault() ? InvocationHandler.invokeDefault(proxy, method, arguments) : null;
        };
        try {
            return status((CertificateStore) Proxy.newProxyInstance(
                    CertificateStore.class.getClassLoader(), new Class<?>[] {CertificateStore.class}, answers));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The status of a store. */
    static ManagerStatus status(CertificateStore store) throws IOException {
        try (CertificateManager manager = CertificateManager.builder(store)
                .clock(Clock.fixed(NOW, ZoneOffset.UTC))
                .build()) {
            return manager.status();
        }
    }

    /** The status of a store whose active manager is this one. */
    static ManagerStatus status(CertificateStore store, ActiveManager active) throws IOException {
        ManagerStatus status = status(store);
        return new ManagerStatus(status.at(), status.role(), active, status.certificates(), status.cas());
    }

    /** Keeps the certificate, with a key of its own. */
    static void save(
            FileStore store, double daysOld, double lifetime, UnaryOperator<RenewalRecord> change, String... names) {
        RenewalRecord record = change.apply(record(names));
        Instant from = daysAgo(daysOld);
        HeldCertificate held = certificate(
                from,
                from.plusSeconds((long) (lifetime * DAY.toSeconds())),
                record.spec().identifiers());
        CertificateChain chain = new CertificateChain(List.of(held.certificate(), ROOT.certificate()));
        try {
            TestWrites.save(store, store.nameOf(record.spec().identifiers().get(0)), chain, held.keyPair(), record);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A store with one of each. */
    static FileStore store(Path folder) throws IOException {
        FileStore store = FileStore.open(folder);
        save(store, 50, 90, Samples::suggested, "www.example.org", "example.org", "static.example.org");
        save(store, 68, 90, Samples::failing, "shop.example.org", "pay.example.org");
        save(store, 92, 90, Samples::expired, "mail.example.net", "imap.example.net", "smtp.example.net");
        save(
                store,
                1.2,
                6.6,
                renewal -> renewal.withSpec(renewal.spec().toBuilder()
                        .profile("shortlived")
                        .challengeType("http-01")
                        .build()),
                "203.0.113.7");
        save(
                store,
                12,
                45,
                renewal -> pending(renewal, List.of("post https://proxy.example.org/reload")),
                "*.example.org");
        save(store, 20, 90, UnaryOperator.identity(), "a-rather-long-name-of-a-service.department.company.example.com");
        TestWrites.saveRecord(store, "NEW_EXAMPLE_COM", record("new.example.com"));
        Files.writeString(folder.resolve("WUCME_C_BROKEN.PEM"), "frob");
        return store;
    }

    private static RenewalRecord suggested(RenewalRecord renewal) {
        return renewal.withSpec(
                        renewal.spec().toBuilder().challengeType("tls-alpn-01").build())
                .withRenewalInfo(new AriChoice(
                        new RenewalTime(daysAhead(9), daysAhead(13), daysAhead(10.5)),
                        "https://letsencrypt.org/docs/ari",
                        daysAhead(0.2)));
    }

    private static RenewalRecord failing(RenewalRecord renewal) {
        return failing(
                renewal,
                3,
                "pay.example.org could not be proven (http-01): the CA says: 203.0.113.10: Fetching"
                        + " http://pay.example.org/.well-known/acme-challenge/…: Connection refused",
                daysAhead(0.25));
    }

    private static RenewalRecord expired(RenewalRecord renewal) {
        return failing(
                renewal,
                14,
                "the CA says: too many failed authorizations (5) for \"mail.example.net\" in the last"
                        + " 1h0m0s, retry after 2026-11-22 10:12:00 UTC",
                daysAhead(0.03));
    }

    static RenewalRecord failing(RenewalRecord renewal, int failures, String problem, @Nullable Instant nextAttempt) {
        return renewal.withAttempts(new Attempts(failures, problem, List.of(), nextAttempt, null, null, null));
    }

    static RenewalRecord pending(RenewalRecord renewal, List<String> deployments) {
        return renewal.withDeployments(Deployments.NONE.forReplacement(deployments));
    }

    /** What can be tried by hand. */
    static Map<String, Check> checks() {
        Map<String, Check> checks = new LinkedHashMap<>();
        checks.put("ca", () -> "The CA answers: " + DIRECTORY + " (212 ms)");
        checks.put("challenge", () -> "www.example.org: reachable, the token came back");
        checks.put("load", () -> "nginx reloaded");
        checks.put("mail", () -> {
            throw new IOException("smtp.example.org:587 does not answer: Connection refused");
        });
        checks.put("opcom", () -> "sent to the local syslog");
        return checks;
    }
}
