package org.wucme.store.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.math.BigInteger;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.wucme.acme.Ca;
import org.wucme.acme.Identifier;
import org.wucme.acme.challenge.Http01;
import org.wucme.acme.challenge.JournaledRecord;
import org.wucme.acme.challenge.Lease;
import org.wucme.acme.challenge.PendingAnswer;
import org.wucme.acme.pki.CertificateChain;
import org.wucme.acme.pki.KeyType;
import org.wucme.store.AriChoice;
import org.wucme.store.Attempts;
import org.wucme.store.CertificateSpec;
import org.wucme.store.CertificateStore;
import org.wucme.store.ClaimedCertificate;
import org.wucme.store.Deployments;
import org.wucme.store.LeaseNames;
import org.wucme.store.Origin;
import org.wucme.store.Part;
import org.wucme.store.RenewalInfoUpdate;
import org.wucme.store.RenewalRecord;
import org.wucme.store.StoreChanges;
import org.wucme.store.StoreConflictException;
import org.wucme.store.StoreException;
import org.wucme.store.StoredAccount;
import org.wucme.store.StoredCertificate;

/**
 * What every store keeps, whatever its leases are: no writer undoes what another wrote, and an issued certificate is stored
 * unless its lease is lost. To be extended by a test of each store.
 */
@SuppressWarnings("NullAway.Init")
public abstract class StoreSafetyContract {

    private final Instant now = Instant.now();
    private static final String NAME = "WWW_EXAMPLE_ORG";
    private static final CertificateSpec SPEC = CertificateSpec.builder("www.example.org")
            .ca(Ca.of("https://ca.example/directory"))
            .build();
    private static final CertificateSpec CHANGED =
            SPEC.toBuilder().keyReuse(true).build();
    private static final SampleCertificates SAMPLES = new SampleCertificates();
    private static final KeyPair KEY = KeyType.EC_P256.generate();
    private static final KeyPair OTHER_KEY = KeyType.EC_P256.generate();

    private CertificateStore store;
    private CertificateStore other;

    /** For a subclass that opens the store. */
    protected StoreSafetyContract() {}

    /** Another handle of the store that this test uses, such as another process would have; it is empty before each test. */
    protected abstract CertificateStore open() throws IOException;

    @BeforeEach
    void openTwice() throws IOException {
        store = open();
        other = open();
    }

    private CertificateChain chain(KeyPair key, long serial) {
        return SAMPLES.issue("www.example.org", key, serial, now.minus(Duration.ofDays(1)));
    }

    private Lease claim(String name) throws IOException {
        return store.lease(name, Duration.ofSeconds(30)).orElseThrow();
    }

    private Lease certificateLease() throws IOException {
        return claim(LeaseNames.certificate(NAME));
    }

    private void issue(KeyPair key, long serial) throws IOException {
        try (Lease lease = certificateLease()) {
            store.save(lease, NAME, chain(key, serial), key, obtained(), specVersion());
        }
    }

    private RenewalRecord obtained() {
        return RenewalRecord.of(SPEC)
                .withOrigin(new Origin("https://ca.example/account/1", null, now, false, false))
                .withDeployments(new Deployments(List.of("load"), List.of(), null));
    }

    private @Nullable String specVersion() throws IOException {
        return store.load(NAME).map(stored -> stored.versionOf(Part.SPEC)).orElse(null);
    }

    private StoredCertificate load() throws IOException {
        StoredCertificate stored = other.load(NAME).orElseThrow();
        assertNull(stored.problem());
        return stored;
    }

    private RenewalRecord record() throws IOException {
        return Objects.requireNonNull(load().renewal());
    }

    private long serial() throws IOException {
        return Objects.requireNonNull(load().chain()).leaf().getSerialNumber().longValue();
    }

    private static AriChoice choice(int day) {
        return new AriChoice(null, null, Instant.parse("2027-01-01T00:00:00Z").plus(Duration.ofDays(day)));
    }

    private static RenewalInfoUpdate update(long serial, int day) {
        return new RenewalInfoUpdate(NAME, BigInteger.valueOf(serial), choice(day));
    }

    @Test
    void whatIsStoredIsFoundByAnotherHandle() throws IOException {
        issue(KEY, 1);

        assertEquals(1, serial());
        assertEquals(obtained(), record());
        KeyPair key = Objects.requireNonNull(load().keyPair());
        assertEquals(KEY.getPublic(), key.getPublic());
        assertEquals(1, other.count());
        assertEquals(List.of(NAME), names(other.list()));
        assertEquals(List.of(NAME), names(other.page(null, 10)));
        assertTrue(other.page(NAME, 10).isEmpty());
        assertNull(other.page(null, 10).get(0).keyPair());
    }

    private static List<String> names(List<StoredCertificate> stored) {
        return stored.stream().map(StoredCertificate::name).toList();
    }

    @Test
    void aSpecIsChangedOnlyByThoseWhoReadIt() throws IOException {
        store.saveSpec(NAME, SPEC, false, null);
        String version = specVersion();
        other.saveSpec(NAME, CHANGED, true, version);

        assertThrows(StoreConflictException.class, () -> store.saveSpec(NAME, SPEC, false, version));
        assertThrows(StoreConflictException.class, () -> store.saveSpec(NAME, SPEC, false, null));

        assertEquals(CHANGED, record().spec());
        assertTrue(record().unmanaged());
        assertNotEquals(version, specVersion());
    }

    @Test
    void writersOfDifferentPartsUndoNothing() throws IOException {
        issue(KEY, 1);
        String version = specVersion();
        Attempts failed = Attempts.NONE.failed("no answer", List.of(), now.plusSeconds(60));
        Deployments done = new Deployments(List.of(), List.of("load"), null);
        try (Lease lease = certificateLease();
                Lease deploying =
                        other.lease(LeaseNames.deployments(NAME), Duration.ZERO).orElseThrow()) {
            store.saveAttempts(lease, NAME, failed);
            other.saveSpec(NAME, CHANGED, false, version);
            store.saveRenewalInfo(List.of(update(1, 3)));
            other.saveDeployments(deploying, NAME, BigInteger.ONE, done);
            store.markCompromised(KEY.getPublic());
        }

        assertEquals(failed, record().attempts());
        assertEquals(CHANGED, record().spec());
        assertEquals(choice(3), record().renewalInfo());
        assertEquals(done, record().deployments());
        assertEquals(obtained().origin().compromised(), record().origin());
        assertEquals(1, serial());
    }

    @Test
    void everyOtherWriterMayActBetweenFinalizeAndSaveAndNothingIsLost() throws IOException {
        issue(KEY, 1);
        String version = specVersion();
        Deployments done = new Deployments(List.of(), List.of("load"), null);
        try (Lease lease = certificateLease()) {
            store.saveNextKey(lease, NAME, OTHER_KEY);
            store.saveAttempts(lease, NAME, Attempts.NONE.withPendingOrder("https://ca.example/order/1"));
            // The certificate is issued here.
            other.markCompromised(OTHER_KEY.getPublic());
            other.saveSpec(NAME, CHANGED, true, version);
            other.saveRenewalInfo(List.of(update(1, 3)));
            try (Lease deploying =
                    other.lease(LeaseNames.deployments(NAME), Duration.ZERO).orElseThrow()) {
                other.saveDeployments(deploying, NAME, BigInteger.ONE, done);
                store.save(lease, NAME, chain(OTHER_KEY, 2), OTHER_KEY, obtained(), version);
                assertThrows(
                        StoreConflictException.class,
                        () -> other.saveDeployments(deploying, NAME, BigInteger.ONE, done));
            }
            other.saveRenewalInfo(List.of(update(1, 4)));
        }

        assertEquals(2, serial());
        assertEquals(CHANGED, record().spec());
        assertTrue(record().unmanaged());
        assertTrue(record().origin().keyCompromised());
        assertNull(record().renewalInfo());
        assertEquals(List.of("load"), record().deployments().pending());
        assertNull(record().attempts().pendingOrder());
        assertTrue(other.loadNextKey(NAME).isEmpty());
    }

    @Test
    void aMarkedKeyIsDueWheneverItIsStored() throws IOException {
        store.markCompromised(KEY.getPublic());
        assertTrue(other.isCompromised(KEY.getPublic()));
        assertFalse(other.isCompromised(OTHER_KEY.getPublic()));

        issue(KEY, 1);
        assertTrue(record().origin().keyCompromised());
        assertEquals(List.of(NAME), names(other.due(now, 10)));

        issue(OTHER_KEY, 2);
        assertFalse(record().origin().keyCompromised());
        other.markCompromised(OTHER_KEY.getPublic());
        other.markCompromised(OTHER_KEY.getPublic());
        assertTrue(record().origin().keyCompromised());
    }

    @Test
    void withAClosedLeaseNothingIsWritten() throws IOException {
        issue(KEY, 1);
        Lease lease = certificateLease();
        lease.close();
        Lease deploying = claim(LeaseNames.deployments(NAME));
        deploying.close();

        assertThrows(StoreConflictException.class, () -> store.saveAttempts(lease, NAME, Attempts.NONE.released()));
        assertThrows(StoreConflictException.class, () -> store.saveNextKey(lease, NAME, OTHER_KEY));
        assertThrows(
                StoreConflictException.class,
                () -> store.save(lease, NAME, chain(OTHER_KEY, 2), OTHER_KEY, obtained(), null));
        assertThrows(
                StoreConflictException.class,
                () -> store.saveDeployments(deploying, NAME, BigInteger.ONE, Deployments.NONE));
        assertThrows(StoreConflictException.class, () -> store.archive(lease, NAME));

        assertEquals(1, serial());
        assertEquals(obtained(), record());
        assertTrue(other.loadNextKey(NAME).isEmpty());
    }

    @Test
    void aLeaseOfAnotherNameIsRefused() throws IOException {
        try (Lease lease = claim(LeaseNames.certificate("OTHER"))) {
            assertThrows(
                    IllegalArgumentException.class,
                    () -> store.save(lease, NAME, chain(KEY, 1), KEY, obtained(), null));
        }
        try (Lease lease = certificateLease()) {
            assertThrows(
                    IllegalArgumentException.class,
                    () -> store.saveDeployments(lease, NAME, BigInteger.ONE, Deployments.NONE));
            assertThrows(
                    IllegalArgumentException.class,
                    () -> store.save(lease, NAME, chain(KEY, 1), OTHER_KEY, obtained(), null));
        }
        assertTrue(other.load(NAME).isEmpty());
    }

    @Test
    void oneHolderAtATimeAndALargerTokenForEach() throws IOException {
        long first;
        try (Lease lease = certificateLease()) {
            first = lease.token();
            assertTrue(lease.isHeld());
            assertEquals(LeaseNames.certificate(NAME), lease.name());
            assertTrue(other.lease(LeaseNames.certificate(NAME), Duration.ZERO).isEmpty());
            assertTrue(store.lease(LeaseNames.certificate(NAME), Duration.ZERO).isEmpty());
            other.lease(LeaseNames.deployments(NAME), Duration.ZERO)
                    .orElseThrow()
                    .close();
            lease.close();
            lease.close();
            assertFalse(lease.isHeld());
        }
        try (Lease lease =
                other.lease(LeaseNames.certificate(NAME), Duration.ZERO).orElseThrow()) {
            assertTrue(lease.token() > first);
        }
    }

    @Test
    void requestsAreRemovedAndCertificatesAreNot() throws IOException {
        store.saveSpec(NAME, SPEC, false, null);
        try (Lease lease = certificateLease()) {
            store.saveNextKey(lease, NAME, KEY);
            assertThrows(StoreException.class, () -> store.archive(lease, NAME));
            store.removeRequest(lease, NAME);
            assertTrue(other.load(NAME).isEmpty());
            assertTrue(other.loadNextKey(NAME).isEmpty());
            assertThrows(StoreException.class, () -> store.removeRequest(lease, NAME));
            store.save(lease, NAME, chain(KEY, 1), KEY, obtained(), null);
            assertThrows(StoreException.class, () -> store.removeRequest(lease, NAME));
            store.archive(lease, NAME);
        }
        assertTrue(other.load(NAME).isEmpty());
    }

    @Test
    void changesAreReportedUntilTheyWereSeen() throws IOException {
        String start = store.changedSince(null).cursor();
        issue(KEY, 1);

        StoreChanges first = store.changedSince(start);
        assertEquals(List.of(NAME), names(first.changed()));
        assertNull(first.changed().get(0).keyPair());

        try (Lease lease = certificateLease()) {
            store.archive(lease, NAME);
        }
        StoreChanges second = store.changedSince(first.cursor());
        assertTrue(second.changed().isEmpty());
        assertTrue(second.isComplete() || second.removed().equals(List.of(NAME)));
    }

    @Test
    void whatIsDueIsClaimedByOne() throws IOException {
        store.saveSpec(NAME, SPEC, false, null);
        store.saveSpec("LATER", SPEC, true, null);

        List<ClaimedCertificate> claimed = store.claim(now, 10);

        assertEquals(
                List.of(NAME),
                names(claimed.stream().map(ClaimedCertificate::certificate).toList()));
        assertTrue(other.claim(now, 10).isEmpty());
        claimed.forEach(each -> each.lease().close());
        assertEquals(1, other.due(now, 10).size());
    }

    @Test
    void accountsAndTheirNextKeysAreKept() throws IOException {
        String directory = "https://ca.example/directory";
        StoredAccount account = new StoredAccount(directory, "https://ca.example/account/1", List.of(), KEY);
        assertTrue(store.loadAccount(directory).isEmpty());
        assertThrows(StoreException.class, () -> store.saveNextAccountKey(directory, OTHER_KEY));

        store.saveAccount(account);
        store.saveNextAccountKey(directory, OTHER_KEY);
        assertEquals(directory, other.defaultDirectoryUrl().orElseThrow());
        assertEquals(
                OTHER_KEY.getPublic(),
                other.loadNextAccountKey(directory).orElseThrow().getPublic());

        store.saveAccount(new StoredAccount(directory, account.accountUrl(), List.of(), OTHER_KEY));
        assertTrue(other.loadNextAccountKey(directory).isEmpty());
        assertEquals(
                OTHER_KEY.getPublic(),
                other.loadAccount(directory).orElseThrow().keyPair().getPublic());
        store.retireAccount(directory);
        assertTrue(other.loadAccount(directory).isEmpty());
    }

    @Test
    void answersAndDnsRecordsAreShared() throws IOException {
        PendingAnswer answer = new PendingAnswer(
                Http01.TYPE,
                Identifier.dns("www.example.org"),
                "token-1",
                "thumb",
                Instant.now().plusSeconds(600));
        JournaledRecord journaled = new JournaledRecord("p", "example.org", "_acme-challenge.example.org", "v", null);
        store.answers().put(answer);
        store.records().add(journaled);

        assertEquals(List.of(answer), other.answers().find(Http01.TYPE, List.of("unknown", "token-1")));
        assertEquals(List.of(journaled), other.records().pending());

        other.answers().remove(answer);
        other.records().remove(journaled);
        assertTrue(store.answers().find(Http01.TYPE, List.of("token-1")).isEmpty());
        assertTrue(store.records().pending().isEmpty());
    }

    @Test
    void budgetsAreShared() throws IOException {
        Duration hour = Duration.ofHours(1);
        assertTrue(store.budgets().take("orders/x", 2, hour).isEmpty());
        assertTrue(other.budgets().take("orders/x", 2, hour).isEmpty());

        assertTrue(store.budgets().take("orders/x", 2, hour).isPresent());
        assertTrue(other.budgets()
                .exhaustedUntil("orders/x", 2, hour)
                .orElseThrow()
                .isAfter(now));
        assertTrue(store.budgets().take("orders/y", 2, hour).isEmpty());
        other.budgets().add("orders/y", hour);
        assertTrue(store.budgets().exhaustedUntil("orders/y", 2, hour).isPresent());
    }
}
