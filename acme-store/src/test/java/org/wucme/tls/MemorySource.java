package org.wucme.tls;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.wucme.store.CertificateSource;
import org.wucme.store.StoredCertificate;
import org.wucme.tls.TestCertificates.Issued;

/** Certificates in memory. Counts how often it is read, and can be told to fail. */
final class MemorySource implements CertificateSource {

    private final Map<String, Supplier<StoredCertificate>> certificates = new ConcurrentHashMap<>();
    private final Map<String, String> versions = new ConcurrentHashMap<>();
    private final AtomicLong changes = new AtomicLong();
    private final AtomicLong readings = new AtomicLong();
    private volatile @Nullable String failure;

    MemorySource put(String name, Issued issued) {
        return put(name, () -> issued.storedAs(name));
    }

    /** A certificate that cannot be read. */
    MemorySource putBroken(String name, String problem) {
        return put(name, () -> new StoredCertificate(name, "memory:" + name, null, null, null, problem));
    }

    MemorySource put(String name, Supplier<StoredCertificate> certificate) {
        certificates.put(name, certificate);
        versions.put(name, "version " + changes.incrementAndGet());
        return this;
    }

    MemorySource remove(String name) {
        versions.remove(name);
        certificates.remove(name);
        return this;
    }

    /** Every reading fails with this message; null ends that. */
    void failWith(@Nullable String message) {
        failure = message;
    }

    long readings() {
        return readings.get();
    }

    @Override
    public Map<String, String> versions() throws IOException {
        requireHealth();
        return Map.copyOf(versions);
    }

    @Override
    public Optional<StoredCertificate> load(String name) throws IOException {
        readings.incrementAndGet();
        requireHealth();
        return Optional.ofNullable(certificates.get(name)).map(Supplier::get);
    }

    private void requireHealth() throws IOException {
        String message = failure;
        if (message != null) {
            throw new IOException(message);
        }
    }
}
