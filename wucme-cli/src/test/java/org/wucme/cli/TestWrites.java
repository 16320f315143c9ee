package org.wucme.cli;

import java.io.IOException;
import java.security.KeyPair;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.wucme.acme.challenge.Lease;
import org.wucme.acme.pki.CertificateChain;
import org.wucme.store.CertificateStore;
import org.wucme.store.LeaseNames;
import org.wucme.store.Part;
import org.wucme.store.RenewalRecord;
import org.wucme.store.StoredCertificate;

/** Writes under leases that are held just for that, and over whatever is there: how a test prepares a store. */
public final class TestWrites {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private TestWrites() {}

    public static void save(
            CertificateStore store, String name, CertificateChain chain, KeyPair keyPair, RenewalRecord record)
            throws IOException {
        try (Lease lease = lease(store, name)) {
            store.save(
                    lease,
                    name,
                    chain,
                    keyPair,
                    record,
                    specVersion(store.load(name).orElse(null)));
        }
    }

    /** All parts of a record; where a certificate is in place, with its origin. */
    public static void saveRecord(CertificateStore store, String name, RenewalRecord record) throws IOException {
        try (Lease lease = lease(store, name)) {
            StoredCertificate present = store.load(name).orElse(null);
            store.saveSpec(name, record.spec(), record.unmanaged(), specVersion(present));
            store.saveAttempts(lease, name, record.attempts());
            saveRest(store, lease, name, record);
        }
    }

    private static void saveRest(CertificateStore store, Lease lease, String name, RenewalRecord record)
            throws IOException {
        StoredCertificate present = store.load(name).orElseThrow();
        CertificateChain chain = present.chain();
        KeyPair key = present.keyPair();
        if (chain != null && key != null && !record.equals(present.renewal())) {
            store.save(lease, name, chain, key, record, specVersion(present));
        }
    }

    public static void saveNextKey(CertificateStore store, String name, KeyPair keyPair) throws IOException {
        try (Lease lease = lease(store, name)) {
            store.saveNextKey(lease, name, keyPair);
        }
    }

    public static void removeRequest(CertificateStore store, String name) throws IOException {
        try (Lease lease = lease(store, name)) {
            store.removeRequest(lease, name);
        }
    }

    public static String archive(CertificateStore store, String name) throws IOException {
        try (Lease lease = lease(store, name)) {
            return store.archive(lease, name);
        }
    }

    private static Lease lease(CertificateStore store, String name) throws IOException {
        return store.lease(LeaseNames.certificate(name), PATIENCE).orElseThrow();
    }

    private static @Nullable String specVersion(@Nullable StoredCertificate present) {
        return present == null ? null : present.versionOf(Part.SPEC);
    }
}
