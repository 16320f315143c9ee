package org.wucme.store.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.wucme.acme.Ca;
import org.wucme.acme.challenge.Lease;
import org.wucme.acme.pki.CertificateChain;
import org.wucme.acme.pki.KeyType;
import org.wucme.store.Attempts;
import org.wucme.store.CertificateSpec;
import org.wucme.store.CertificateStore;
import org.wucme.store.LeaseNames;
import org.wucme.store.RenewalRecord;
import org.wucme.store.StoreConflictException;

/**
 * What stores keep whose leases expire: another node takes over from one that was paused, which then writes nothing. To be
 * extended by a test of each such store.
 */
public abstract class StoreTakeoverContract {

    private static final String NAME = "WWW_EXAMPLE_ORG";
    private static final String ORDER = "https://ca.example/order/1";
    private static final CertificateSpec SPEC = CertificateSpec.builder("www.example.org")
            .ca(Ca.of("https://ca.example/directory"))
            .build();
    private static final KeyPair KEY = KeyType.EC_P256.generate();
    private final CertificateChain chain = new SampleCertificates().issue("www.example.org", KEY, 7, Instant.now());

    /** For a subclass that opens the store. */
    protected StoreTakeoverContract() {}

    /** Another node of the store that this test uses; it is empty before each test. */
    protected abstract CertificateStore open() throws IOException;

    /** Lets the leases of one node expire, as if it had been paused. */
    protected abstract void expireLeases(CertificateStore node) throws Exception;

    private static Lease claim(CertificateStore node) throws IOException {
        return node.lease(LeaseNames.certificate(NAME), Duration.ZERO).orElseThrow();
    }

    @Test
    void anExpiredLeaseIsLostAndItsHolderHearsOfItOnce() throws Exception {
        CertificateStore paused = open();
        CertificateStore next = open();
        AtomicInteger lost = new AtomicInteger();
        Lease lease = claim(paused);
        lease.onLost(lost::incrementAndGet);

        expireLeases(paused);
        try (Lease taken = claim(next)) {
            assertTrue(taken.isHeld());
            assertTrue(taken.token() > lease.token());
            assertFalse(lease.isHeld());
            lease.close();
            assertTrue(taken.isHeld());
            assertTrue(paused.lease(LeaseNames.certificate(NAME), Duration.ZERO).isEmpty());
        }
        assertEquals(1, lost.get());
        lease.onLost(lost::incrementAndGet);
        assertEquals(2, lost.get());
    }

    @Test
    void anIssuedCertificateWithoutALeaseIsNotStoredAndItsOrderStaysForTheNextHolder() throws Exception {
        CertificateStore paused = open();
        CertificateStore next = open();
        paused.saveSpec(NAME, SPEC, false, null);
        Lease lease = claim(paused);
        paused.saveNextKey(lease, NAME, KEY);
        paused.saveAttempts(lease, NAME, Attempts.NONE.withPendingOrder(ORDER));

        expireLeases(paused);
        assertThrows(
                StoreConflictException.class, () -> paused.save(lease, NAME, chain, KEY, RenewalRecord.of(SPEC), null));
        assertThrows(StoreConflictException.class, () -> paused.saveAttempts(lease, NAME, Attempts.NONE));

        RenewalRecord record =
                Objects.requireNonNull(next.load(NAME).orElseThrow().renewal());
        assertEquals(ORDER, record.attempts().pendingOrder());
        assertEquals(KEY.getPublic(), next.loadNextKey(NAME).orElseThrow().getPublic());
        try (Lease taken = claim(next)) {
            next.save(taken, NAME, chain, KEY, RenewalRecord.of(SPEC), null);
        }
        assertEquals(
                chain, Objects.requireNonNull(paused.load(NAME).orElseThrow().chain()));
    }

    @Test
    void aLeaseThatWasTakenOverAndGivenBackIsStillLostToItsFormerHolder() throws Exception {
        CertificateStore paused = open();
        CertificateStore next = open();
        paused.saveSpec(NAME, SPEC, false, null);
        Lease lease = claim(paused);

        expireLeases(paused);
        claim(next).close();

        assertThrows(StoreConflictException.class, () -> paused.saveAttempts(lease, NAME, Attempts.NONE));
        assertFalse(lease.isHeld());
        try (Lease again = claim(paused)) {
            paused.saveAttempts(again, NAME, Attempts.NONE.withPendingOrder(ORDER));
            assertThrows(StoreConflictException.class, () -> paused.saveAttempts(lease, NAME, Attempts.NONE));
        }
    }
}
