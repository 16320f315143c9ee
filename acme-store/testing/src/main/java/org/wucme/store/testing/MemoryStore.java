package org.wucme.store.testing;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.PublicKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.wucme.acme.Sleeper;
import org.wucme.acme.challenge.ChallengeStore;
import org.wucme.acme.challenge.Lease;
import org.wucme.acme.challenge.RecordJournal;
import org.wucme.acme.pki.CertificateChain;
import org.wucme.store.ActiveManager;
import org.wucme.store.Attempts;
import org.wucme.store.Budgets;
import org.wucme.store.CertificateSpec;
import org.wucme.store.CertificateStore;
import org.wucme.store.Deployments;
import org.wucme.store.LeaseNames;
import org.wucme.store.Part;
import org.wucme.store.RenewalInfoUpdate;
import org.wucme.store.RenewalRecord;
import org.wucme.store.StoreChanges;
import org.wucme.store.StoreConflictException;
import org.wucme.store.StoreException;
import org.wucme.store.StoredAccount;
import org.wucme.store.StoredCertificate;
import org.wucme.store.StoredNames;

/**
 * A store in memory that keeps the whole contract, for tests. Its leases expire by a clock that the test sets, so that one
 * manager can take over from another that was paused; it starts no thread, and reads no other clock. Several nodes share what
 * is stored ({@link #node}), each with leases of its own that stay as long as {@link #renewLeases} is called in time.
 *
 * <p>Thread-safe.
 */
public final class MemoryStore implements CertificateStore {

    private static final Duration STEP = Duration.ofMillis(10);

    private final Clock clock;
    private final Sleeper sleeper;
    private final MemoryData data;
    private final MemoryLeases leases;
    private final List<MemoryLease> own = new ArrayList<>();

    /** With leases that expire so long after they were claimed or renewed last. */
    public MemoryStore(Clock clock, Sleeper sleeper, Duration leaseTime) {
        this(clock, sleeper, new MemoryData(), new MemoryLeases(clock, leaseTime));
    }

    /** With leases that practically never expire. */
    public MemoryStore() {
        this(Clock.systemUTC(), Sleeper.SYSTEM, Duration.ofDays(365));
    }

    private MemoryStore(Clock clock, Sleeper sleeper, MemoryData data, MemoryLeases leases) {
        this.clock = clock;
        this.sleeper = sleeper;
        this.data = data;
        this.leases = leases;
    }

    /** Another node with the same content. */
    public MemoryStore node() {
        return new MemoryStore(clock, sleeper, data, leases);
    }

    /** What a running process does again and again: extends the leases that this node holds, unless they expired. */
    public void renewLeases() {
        leases.renew(ownLeases());
    }

    /** Loses all leases of this node, as when the store cannot be reached for too long. */
    public void loseLeases() {
        ownLeases().forEach(MemoryLease::lose);
    }

    private List<MemoryLease> ownLeases() {
        synchronized (own) {
            own.removeIf(lease -> !leases.isCurrent(lease));
            return List.copyOf(own);
        }
    }

    /** All certificates that were ever stored, in their order: none is forgotten when another replaces it. */
    public List<StoredCertificate> history() {
        synchronized (data) {
            return List.copyOf(data.history);
        }
    }

    @Override
    public List<StoredCertificate> list() {
        synchronized (data) {
            return data.rows.entrySet().stream()
                    .map(each -> each.getValue().stored(each.getKey()))
                    .toList();
        }
    }

    @Override
    public Optional<StoredCertificate> load(String name) {
        StoredNames.requireName(name);
        synchronized (data) {
            return Optional.ofNullable(data.rows.get(name)).map(row -> row.stored(name));
        }
    }

    @Override
    public Map<String, String> versions() {
        Map<String, String> versions = new TreeMap<>();
        for (StoredCertificate stored : list()) {
            String version = stored.versionOf(Part.CERTIFICATE);
            if (version != null) {
                versions.put(stored.name(), version);
            }
        }
        return versions;
    }

    @Override
    public int count() {
        synchronized (data) {
            return data.rows.size();
        }
    }

    @Override
    public StoreChanges changedSince(@Nullable String cursor) {
        synchronized (data) {
            long last = cursor == null || !cursor.matches("[0-9]{1,18}") ? -1 : Long.parseLong(cursor);
            List<StoredCertificate> changed = data.rows.entrySet().stream()
                    .filter(each -> each.getValue().changed() > last)
                    .map(each -> each.getValue().stored(each.getKey()).withoutKey())
                    .toList();
            List<String> removed = data.removed.entrySet().stream()
                    .filter(each -> last >= 0 && each.getValue() > last)
                    .map(Map.Entry::getKey)
                    .toList();
            return new StoreChanges(String.valueOf(data.changes), last < 0, changed, removed);
        }
    }

    @Override
    public void requireWritable(String name) {
        StoredNames.requireName(name);
    }

    @Override
    public void saveSpec(String name, CertificateSpec spec, boolean unmanaged, @Nullable String expectedVersion)
            throws IOException {
        StoredNames.requireName(name);
        synchronized (data) {
            MemoryData.Row row = data.rows.get(name);
            RenewalRecord present = row == null ? null : row.record();
            if (!Objects.equals(present == null ? null : present.versionOf(Part.SPEC), expectedVersion)) {
                throw new StoreConflictException("what is requested as " + name + " was changed meanwhile");
            }
            CertificateChain chain = row == null ? null : row.chain();
            RenewalRecord record = present == null
                    ? marked(RenewalRecord.of(spec), chain).withUnmanaged(unmanaged)
                    : present.withSpec(spec).withUnmanaged(unmanaged);
            data.put(name, record, chain, row == null ? null : row.keyPair());
        }
    }

    @Override
    public void saveAttempts(Lease lease, String name, Attempts attempts) throws IOException {
        synchronized (data) {
            requireLease(lease, LeaseNames.certificate(name));
            MemoryData.Row row = required(name);
            put(name, row, recordOf(name, row).withAttempts(attempts));
        }
    }

    @Override
    public void saveNextKey(Lease lease, String name, KeyPair keyPair) throws IOException {
        synchronized (data) {
            requireLease(lease, LeaseNames.certificate(name));
            data.nextKeys.put(name, keyPair);
        }
    }

    @Override
    public Optional<KeyPair> loadNextKey(String name) {
        synchronized (data) {
            return Optional.ofNullable(data.nextKeys.get(name));
        }
    }

    @Override
    public void save(
            Lease lease,
            String name,
            CertificateChain chain,
            KeyPair keyPair,
            RenewalRecord record,
            @Nullable String specVersion)
            throws IOException {
        if (!chain.leaf().getPublicKey().equals(keyPair.getPublic())) {
            throw new IllegalArgumentException("the private key does not belong to the certificate");
        }
        synchronized (data) {
            requireLease(lease, LeaseNames.certificate(name));
            MemoryData.Row row = data.rows.get(name);
            RenewalRecord present = row == null ? null : row.record();
            boolean isLater = present != null && !Objects.equals(present.versionOf(Part.SPEC), specVersion);
            RenewalRecord merged = present != null && isLater
                    ? record.withSpec(present.spec()).withUnmanaged(present.unmanaged())
                    : record;
            data.put(name, marked(merged, chain), chain, keyPair);
            data.history.add(Objects.requireNonNull(data.rows.get(name)).stored(name));
            KeyPair next = data.nextKeys.get(name);
            if (next != null && next.getPublic().equals(keyPair.getPublic())) {
                data.nextKeys.remove(name);
            }
        }
    }

    @Override
    public void saveDeployments(Lease lease, String name, BigInteger serial, Deployments deployments)
            throws IOException {
        synchronized (data) {
            requireLease(lease, LeaseNames.deployments(name));
            MemoryData.Row row = data.rows.get(name);
            if (row == null || !isOf(serial, row.chain())) {
                throw new StoreConflictException("another certificate is in place as " + name + " now");
            }
            put(name, row, recordOf(name, row).withDeployments(deployments));
        }
    }

    @Override
    public void saveRenewalInfo(List<RenewalInfoUpdate> updates) {
        synchronized (data) {
            for (RenewalInfoUpdate update : updates) {
                MemoryData.Row row = data.rows.get(update.name());
                if (row != null && row.record() != null && isOf(update.serial(), row.chain())) {
                    put(update.name(), row, row.record().withRenewalInfo(update.choice()));
                }
            }
        }
    }

    @Override
    public void markCompromised(PublicKey key) {
        synchronized (data) {
            data.compromised.add(digest(key));
            for (Map.Entry<String, MemoryData.Row> each : List.copyOf(data.rows.entrySet())) {
                MemoryData.Row row = each.getValue();
                if (row.record() != null) {
                    put(each.getKey(), row, marked(row.record(), row.chain()));
                }
            }
        }
    }

    @Override
    public boolean isCompromised(PublicKey key) {
        synchronized (data) {
            return data.compromised.contains(digest(key));
        }
    }

    @Override
    public void removeRequest(Lease lease, String name) throws IOException {
        synchronized (data) {
            requireLease(lease, LeaseNames.certificate(name));
            if (required(name).chain() != null) {
                throw new StoreException("a certificate is stored as " + name);
            }
            data.remove(name);
        }
    }

    @Override
    public String archive(Lease lease, String name) throws IOException {
        synchronized (data) {
            requireLease(lease, LeaseNames.certificate(name));
            if (required(name).chain() == null) {
                throw new StoreException("there is no certificate " + name);
            }
            data.remove(name);
            return "memory:" + name + "/archived/" + data.changes;
        }
    }

    private void put(String name, MemoryData.Row row, RenewalRecord record) {
        if (!record.equals(row.record())) {
            data.put(name, record, row.chain(), row.keyPair());
        }
    }

    private MemoryData.Row required(String name) throws StoreException {
        MemoryData.Row row = data.rows.get(name);
        if (row == null) {
            throw new StoreException("nothing is stored as " + name);
        }
        return row;
    }

    private static RenewalRecord recordOf(String name, MemoryData.Row row) throws StoreException {
        RenewalRecord record = row.record();
        if (record == null) {
            throw new StoreException("nothing is requested as " + name);
        }
        return record;
    }

    private RenewalRecord marked(RenewalRecord record, @Nullable CertificateChain chain) {
        boolean isMarked =
                chain != null && data.compromised.contains(digest(chain.leaf().getPublicKey()));
        return isMarked ? record.withOrigin(record.origin().compromised()) : record;
    }

    private static String digest(PublicKey key) {
        return HexFormat.of().formatHex(key.getEncoded());
    }

    private static boolean isOf(BigInteger serial, @Nullable CertificateChain chain) {
        return chain != null && chain.leaf().getSerialNumber().equals(serial);
    }

    private void requireLease(Lease lease, String name) throws StoreConflictException {
        if (!lease.name().equals(name) || !(lease instanceof MemoryLease memory)) {
            throw new IllegalArgumentException("what is written here needs the lease " + name + ", not " + lease);
        }
        if (!leases.isCurrent(memory) || !memory.isHeld()) {
            throw new StoreConflictException("the lease " + name + " is not held any more: nothing was changed");
        }
    }

    @Override
    public Optional<StoredAccount> loadAccount(String directoryUrl) {
        synchronized (data) {
            return Optional.ofNullable(data.accounts.get(directoryUrl));
        }
    }

    @Override
    public void saveAccount(StoredAccount account) {
        synchronized (data) {
            data.accounts.put(account.directoryUrl(), account);
            if (data.defaultDirectoryUrl == null) {
                data.defaultDirectoryUrl = account.directoryUrl();
            }
            KeyPair next = data.nextAccountKeys.get(account.directoryUrl());
            if (next != null && next.getPublic().equals(account.keyPair().getPublic())) {
                data.nextAccountKeys.remove(account.directoryUrl());
            }
        }
    }

    @Override
    public void saveNextAccountKey(String directoryUrl, KeyPair keyPair) throws IOException {
        synchronized (data) {
            requireAccount(directoryUrl);
            data.nextAccountKeys.put(directoryUrl, keyPair);
        }
    }

    private void requireAccount(String directoryUrl) throws StoreException {
        if (!data.accounts.containsKey(directoryUrl)) {
            throw new StoreException("there is no account at " + directoryUrl);
        }
    }

    @Override
    public Optional<KeyPair> loadNextAccountKey(String directoryUrl) {
        synchronized (data) {
            return Optional.ofNullable(data.nextAccountKeys.get(directoryUrl));
        }
    }

    @Override
    public String retireAccount(String directoryUrl) throws IOException {
        synchronized (data) {
            requireAccount(directoryUrl);
            data.accounts.remove(directoryUrl);
            data.nextAccountKeys.remove(directoryUrl);
            return "memory:archived/" + directoryUrl;
        }
    }

    @Override
    public Optional<String> defaultDirectoryUrl() {
        synchronized (data) {
            return Optional.ofNullable(data.defaultDirectoryUrl);
        }
    }

    @Override
    public Optional<Lease> lease(String name, Duration patience) throws IOException {
        long end = sleeper.nanoTime() + Math.min(patience.toMillis(), Integer.MAX_VALUE) * 1_000_000;
        Optional<MemoryLease> lease = leases.claim(name);
        while (lease.isEmpty() && sleeper.nanoTime() < end) {
            pause(name);
            lease = leases.claim(name);
        }
        lease.ifPresent(claimed -> {
            synchronized (own) {
                own.add(claimed);
            }
        });
        return lease.map(claimed -> claimed);
    }

    private void pause(String name) throws InterruptedIOException {
        try {
            sleeper.sleep(STEP);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for the lease " + name);
        }
    }

    @Override
    public Optional<ActiveManager> active() {
        return leases.isHeld(LeaseNames.ACTIVE) ? Optional.of(ActiveManager.UNKNOWN) : Optional.empty();
    }

    @Override
    public ChallengeStore answers() {
        return new MemoryAnswers(data, clock);
    }

    @Override
    public RecordJournal records() {
        return new MemoryJournal(data);
    }

    @Override
    public Budgets budgets() {
        return new MemoryBudgets(data, clock);
    }

    @Override
    public boolean firstAlarm(String name, String reason, Instant now, Duration pause) {
        synchronized (data) {
            Instant last = data.alarms.get(reason + " " + name);
            boolean isFirst = last == null || Duration.between(last, now).abs().compareTo(pause) >= 0;
            if (isFirst) {
                data.alarms.put(reason + " " + name, now);
            }
            return isFirst;
        }
    }
}
