package org.wucme.manage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.wucme.acme.Identifier;
import org.wucme.acme.RenewalTime;
import org.wucme.acme.pki.CertificateChain;
import org.wucme.store.AriChoice;
import org.wucme.store.DeploymentFailure;
import org.wucme.store.Deployments;
import org.wucme.store.LeaseNames;
import org.wucme.store.MaintenanceWindow;
import org.wucme.store.RecordBuilder;
import org.wucme.store.RenewalRecord;
import org.wucme.store.TestWrites;
import org.wucme.testing.ca.Endpoint;
import org.wucme.testing.ca.Fault;

/** What a manager says of itself, its certificates and its CAs. */
@Timeout(60)
class ManagerStatusTest {

    private static final String HOST = "www.example.test";

    @TempDir
    Path folder;

    private final BlockingQueue<ManagerEvent> events = new LinkedBlockingQueue<>();
    private Scene scene;

    @BeforeEach
    void open() throws IOException {
        scene = new Scene(folder);
    }

    @AfterEach
    void close() throws Exception {
        scene.close();
    }

    private Instant now() {
        return scene.time.instant();
    }

    private RecordBuilder record() {
        return RecordBuilder.of(scene.www());
    }

    private void save(double daysOld, double lifetime, RenewalRecord record) throws IOException {
        save(Scene.WWW, daysOld, lifetime, record);
    }

    private void save(String name, double daysOld, double lifetime, RenewalRecord record) throws IOException {
        Instant from = now().minusSeconds((long) (daysOld * 86_400));
        HeldCertificate.Builder held = new HeldCertificate.Builder()
                .commonName("E7")
                .validityInterval(
                        from.toEpochMilli(),
                        from.plusSeconds((long) (lifetime * 86_400)).toEpochMilli());
        record.spec().identifiers().forEach(each -> held.addSubjectAlternativeName(each.value()));
        HeldCertificate made = held.build();
        TestWrites.save(scene.store, name, new CertificateChain(List.of(made.certificate())), made.keyPair(), record);
    }

    private ManagerStatus status() throws IOException {
        return scene.manager(CertificateManager.builder(scene.store).clock(scene.time))
                .status();
    }

    private CertificateStatus only() throws IOException {
        List<CertificateStatus> all = status().certificates();
        assertThat(all).hasSize(1);
        return all.get(0);
    }

    private static IssuedCertificate issued(CertificateStatus certificate) {
        return Objects.requireNonNull(certificate.issued());
    }

    @Test
    void anEmptyStoreHasNothingToReport() throws IOException {
        ManagerStatus status = status();

        assertThat(status)
                .isEqualTo(new ManagerStatus(now(), ManagerStatus.Role.NOT_STARTED, null, List.of(), List.of()));
    }

    @Test
    void aRequestThatWasNeverIssuedIsThere() throws IOException {
        TestWrites.saveRecord(scene.store, Scene.WWW, record().build());

        CertificateStatus certificate = only();

        assertThat(certificate.state()).isEqualTo(CertificateStatus.State.NOT_ISSUED);
        assertThat(certificate.identifiers()).containsExactly(Identifier.of(HOST));
        assertThat(certificate.issued()).isNull();
        assertThat(certificate.spec()).isEqualTo(scene.www());
        assertThat(certificate.isManaged()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "30, 90, CURRENT",
        "61, 90, DUE",
        "63, 90, LATE",
        "80, 90, LATE",
        "82, 90, EXPIRES_SOON",
        "90, 90, EXPIRED",
        "95, 90, EXPIRED",
        "-0.5, 90, NOT_YET_VALID",
        "0.55, 1, DUE",
        "0.75, 1, LATE",
        "3.5, 6, DUE"
    })
    void timeDecidesTheState(double daysOld, double lifetime, CertificateStatus.State state) throws IOException {
        save(daysOld, lifetime, record().build());

        assertThat(only().state()).isEqualTo(state);
    }

    @Test
    void aCurrentCertificateHasItsValidityLocationAndDueDate() throws IOException {
        save(30, 90, record().build());

        CertificateStatus certificate = only();

        IssuedCertificate issued = issued(certificate);
        assertThat(certificate.location())
                .isEqualTo(scene.stored(Scene.WWW).location())
                .endsWith(Scene.WWW + ".PEM");
        assertThat(issued.issuer()).isEqualTo("E7");
        assertThat(issued.lifetime()).isEqualTo(Duration.ofDays(90));
        assertThat(issued.remaining(issued.notAfter().minusSeconds(5))).isEqualTo(Duration.ofSeconds(5));
        Instant due = issued.notBefore().plus(Duration.ofDays(60));
        assertThat(issued.renewal()).isEqualTo(new RenewalWindow(due, issued.notAfter(), due, false, null));
        assertThat(issued.alarmAt()).isEqualTo(issued.notAfter().minus(Duration.ofDays(9)));
        assertThat(issued.lateAt()).isEqualTo(due.plus(Duration.ofHours(26)));
        assertThat(certificate.nextAttempt()).isNull();
        assertThat(certificate.issuedBy()).isEqualTo(scene.ca.directoryUrl());
    }

    @Test
    void theWindowOfTheCaIsUsedUnlessTheManagerAsksForNone() throws IOException {
        RenewalTime time = new RenewalTime(
                now().plus(Duration.ofDays(9)), now().plus(Duration.ofDays(12)), now().plus(Duration.ofDays(10)));
        save(
                30,
                90,
                record().ari(new AriChoice(time, "https://ca.example/\nwhy", now()))
                        .build());

        assertThat(issued(only()).renewal())
                .isEqualTo(new RenewalWindow(
                        time.windowStart(), time.windowEnd(), time.chosen(), true, "https://ca.example/ why"));
        try (CertificateManager manager = CertificateManager.builder(scene.store)
                .clock(scene.time)
                .renewalInfo(false)
                .build()) {
            assertThat(issued(manager.status().certificates().get(0)).renewal().isSuggested())
                    .isFalse();
        }
    }

    @Test
    void aFailureHasItsReasonInOneLineAndTheNextAttempt() throws IOException {
        Instant next = now().plus(Duration.ofHours(3));
        save(
                61,
                90,
                record().failures(3)
                        .lastProblem("the CA says:\n no\u001b[2J way")
                        .nextAttempt(next)
                        .build());

        CertificateStatus certificate = only();

        assertThat(certificate.attempts().failures()).isEqualTo(3);
        assertThat(certificate.attempts().lastProblem()).isEqualTo("the CA says: no [2J way");
        assertThat(certificate.nextAttempt()).isEqualTo(next);
    }

    @Test
    void aBackoffThatHasPassedOrCannotBeTrueDelaysNothing() throws IOException {
        save(
                "PAST",
                61,
                90,
                record().failures(1).nextAttempt(now().minusSeconds(1)).build());
        save(
                "WRONG_CLOCK",
                61,
                90,
                record().failures(1)
                        .nextAttempt(now().plus(Duration.ofDays(900)))
                        .build());

        assertThat(status().certificates())
                .hasSize(2)
                .allSatisfy(certificate -> assertThat(certificate.nextAttempt()).isNull());
    }

    @Test
    void failedAuthorizationsDelayEveryCertificateOfTheName() throws IOException {
        List<Instant> failed = Collections.nCopies(5, now().minus(Duration.ofMinutes(10)));
        save("ONE", 61, 90, record().failures(5).failedAuthorizations(failed).build());
        save("OTHER", 61, 90, record().build());

        assertThat(status().certificates())
                .extracting(CertificateStatus::nextAttempt)
                .containsOnly(now().plus(Duration.ofMinutes(50)));
    }

    @Test
    void aDueCertificateWaitsForItsMaintenanceWindow() throws IOException {
        Instant opens = now().truncatedTo(ChronoUnit.HOURS).plus(Duration.ofHours(5));
        LocalTime start = LocalTime.ofInstant(opens, ZoneOffset.UTC);
        MaintenanceWindow window =
                MaintenanceWindow.of("Mon-Sun " + start + "-" + start.plusMinutes(30), ZoneOffset.UTC);
        save("DUE", 61, 90, record().build());
        save("YOUNG", 1, 90, record().build());

        try (CertificateManager manager = CertificateManager.builder(scene.store)
                .clock(scene.time)
                .maintenanceWindow(window)
                .build()) {
            assertThat(manager.status().certificates())
                    .extracting(CertificateStatus::nextAttempt)
                    .containsExactly(opens, null);
        }
    }

    @Test
    void aCompromisedKeyIsDueAtOnce() throws IOException {
        save(1, 90, record().keyCompromised(true).build());

        CertificateStatus certificate = only();

        assertThat(certificate.origin().keyCompromised()).isTrue();
        assertThat(issued(certificate).renewal().due())
                .isEqualTo(issued(certificate).notBefore());
        assertThat(certificate.state()).isNotEqualTo(CertificateStatus.State.CURRENT);
    }

    @Test
    void aCertificateThatIsNotManagedIsListedAndNeverTried() throws IOException {
        Instant next = now().plus(Duration.ofHours(3));
        save(95, 90, record().failures(1).nextAttempt(next).unmanaged(true).build());

        CertificateStatus certificate = only();

        assertThat(certificate.isManaged()).isFalse();
        assertThat(certificate.state()).isEqualTo(CertificateStatus.State.EXPIRED);
        assertThat(certificate.nextAttempt()).isNull();
        assertThat(status().cas()).isEmpty();
    }

    @Test
    void aCertificateWithoutARecordIsManagedAndHasNoSpec() throws IOException {
        scene.putForeign(
                Scene.WWW,
                new HeldCertificate.Builder().addSubjectAlternativeName(HOST).build());

        CertificateStatus certificate = only();

        assertThat(certificate.isManaged()).isTrue();
        assertThat(certificate.spec()).isNull();
        assertThat(certificate.issuedBy()).isNull();
        assertThat(certificate.issued()).isNotNull();
    }

    @Test
    void whatCannotBeReadSaysWhy() throws IOException {
        Files.writeString(folder.resolve("WUCME_C_BROKEN.PEM"), "frob");

        CertificateStatus certificate = only();

        assertThat(certificate.state()).isEqualTo(CertificateStatus.State.UNREADABLE);
        assertThat(certificate.problem()).contains("WUCME_C_BROKEN.PEM");
        assertThat(certificate.identifiers()).isEmpty();
    }

    @Test
    void pendingAndFailedDeploymentsAreThere() throws IOException {
        Instant next = now().plus(Duration.ofMinutes(2));
        RenewalRecord pending = record().build().withDeployments(Deployments.NONE.forReplacement(List.of("nginx")));
        RenewalRecord failed = record().build()
                .withDeployments(Deployments.NONE.failed(
                        new DeploymentFailure(2, "exit\ncode 1", next), List.of("nginx", "haproxy")));
        save("FAILED", 1, 90, failed);
        save("PENDING", 1, 90, pending);

        List<CertificateStatus> all = status().certificates();

        assertThat(all.get(0).deployments().failure()).isEqualTo(new DeploymentFailure(2, "exit code 1", next));
        assertThat(all.get(0).deployments().pending()).containsExactly("nginx", "haproxy");
        assertThat(all.get(1).deployments().failure()).isNull();
        assertThat(all.get(1).deployments().pending()).containsExactly("nginx");
    }

    @Test
    void aCaThatIsOutOfServiceIsKnownToTheManagerThatMetItAndByTheRecordToOthers() throws IOException {
        scene.register();
        scene.ca.fault(Endpoint.NEW_ORDER, Fault.resetBefore(), 100_000);
        CertificateManager met = scene.manager();
        Instant before = now();
        assertThatThrownBy(() -> met.issue(scene.www())).isInstanceOf(IOException.class);
        String problem = "no route";
        TestWrites.saveRecord(
                scene.store,
                Scene.WWW,
                record().failures(1)
                        .lastProblem(problem)
                        .unreachableCa(scene.ca.directoryUrl())
                        .nextAttempt(now().plus(Duration.ofHours(1)))
                        .build());

        CaStatus own = met.status().cas().get(0);
        assertThat(own.isOutOfService()).isTrue();
        assertThat(own.since()).isBetween(before, now());
        assertThat(own.nextAttempt()).isAfter(now());
        assertThat(status().cas())
                .containsExactly(new CaStatus(scene.ca.directoryUrl(), problem, null, now().plus(Duration.ofHours(1))));
    }

    @Test
    void aCaInServiceHasNoProblem() throws IOException {
        save(1, 90, record().build());

        assertThat(status().cas()).containsExactly(new CaStatus(scene.ca.directoryUrl(), null, null, null));
    }

    @Test
    void anOutageIsAsOldAsItsFirstFailure() {
        Outages outages = new Outages(scene.time);
        Instant start = now();
        outages.begin("https://ca.example", "no\nroute", Duration.ofMinutes(1));
        scene.time.advance(Duration.ofMinutes(5));
        outages.begin("https://ca.example", "no answer", Duration.ofMinutes(1));

        assertThat(outages.at(now()))
                .containsExactly(
                        new CaStatus("https://ca.example", "no answer", start, now().plus(Duration.ofMinutes(1))));
        outages.end("https://ca.example");
        assertThat(outages.at(now())).isEmpty();
    }

    @Test
    void aStandbyNamesTheLeaseHolderAndIsActiveOnceThatHasEnded() throws Exception {
        CertificateManager manager;
        try (var active =
                scene.store.lease(LeaseNames.ACTIVE, Duration.ofSeconds(5)).orElseThrow()) {
            assertThat(active.isHeld()).isTrue();
            manager = scene.manager(scene.configured(scene.store).listener(events::add));
            assertThat(manager.status().role()).isEqualTo(ManagerStatus.Role.NOT_STARTED);
            manager.start();
            await(ManagerEvent.BecameStandby.class);

            ManagerStatus status = manager.status();

            assertThat(status.role()).isEqualTo(ManagerStatus.Role.STANDBY);
            assertThat(Objects.requireNonNull(status.leaseHolder()).pid())
                    .isEqualTo(ProcessHandle.current().pid());
        }
        await(ManagerEvent.BecameActive.class);
        assertThat(manager.status().role()).isEqualTo(ManagerStatus.Role.ACTIVE);
        assertThat(manager.status().leaseHolder()).isNotNull();
    }

    private void await(Class<? extends ManagerEvent> type) throws InterruptedException {
        ManagerEvent event = events.poll(30, TimeUnit.SECONDS);
        while (event != null && !type.isInstance(event)) {
            event = events.poll(30, TimeUnit.SECONDS);
        }
        assertThat(event).as("%s", type.getSimpleName()).isNotNull();
    }

    @Test
    void theStoreIsReadOnceAndNothingIsAskedOfTheCa() throws IOException {
        for (String name : List.of("A", "B", "C")) {
            save(name, 61, 90, record().build());
        }
        AtomicInteger lists = new AtomicInteger();
        AtomicInteger loads = new AtomicInteger();
        int requests = scene.ca.log().size();
        var counted = TestStores.before("list", scene.store, arguments -> lists.incrementAndGet());
        var watched = TestStores.before("load", counted, arguments -> loads.incrementAndGet());

        assertThat(scene.manager(watched).status().certificates()).hasSize(3);

        assertThat(lists).hasValue(1);
        assertThat(loads).hasValue(0);
        assertThat(scene.ca.log()).hasSize(requests);
    }

    @Test
    void aClosedManagerHasNoStatus() throws IOException {
        CertificateManager manager = scene.manager();
        manager.close();

        assertThatThrownBy(manager::status).isInstanceOf(IllegalStateException.class);
    }

    /** The example of {@link ManagerStatus}. */
    @Test
    void theExampleWorks() throws IOException {
        save("GOOD", 1, 90, record().build());
        save(
                "LATE",
                80,
                90,
                record().failures(1).nextAttempt(now().plusSeconds(60)).build());
        CertificateManager manager = scene.manager();
        List<String> lines = new ArrayList<>();

        ManagerStatus status = manager.status();
        for (CertificateStatus certificate : status.certificates()) {
            Instant next = certificate.nextAttempt();
            lines.add(certificate.name() + " is " + certificate.state() + (next == null ? "" : ", retry at " + next));
        }
        boolean isHealthy = status.certificates().stream()
                .filter(CertificateStatus::isManaged)
                .allMatch(certificate -> certificate.state() == CertificateStatus.State.CURRENT);

        assertThat(lines).containsExactly("GOOD is CURRENT", "LATE is LATE, retry at " + now().plusSeconds(60));
        assertThat(isHealthy).isFalse();
    }
}
