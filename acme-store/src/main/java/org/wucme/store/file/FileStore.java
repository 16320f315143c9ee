package org.wucme.store.file;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.PublicKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wucme.acme.DirectoryCache;
import org.wucme.acme.Identifier;
import org.wucme.acme.challenge.ChallengeStore;
import org.wucme.acme.challenge.Lease;
import org.wucme.acme.challenge.RecordJournal;
import org.wucme.acme.internal.text.Trace;
import org.wucme.acme.pki.CertificateChain;
import org.wucme.store.ActiveManager;
import org.wucme.store.Attempts;
import org.wucme.store.Budgets;
import org.wucme.store.CertificateSpec;
import org.wucme.store.CertificateStore;
import org.wucme.store.Deployments;
import org.wucme.store.DueDate;
import org.wucme.store.LeaseNames;
import org.wucme.store.RenewalInfoUpdate;
import org.wucme.store.RenewalRecord;
import org.wucme.store.StoreChanges;
import org.wucme.store.StoreException;
import org.wucme.store.StoreMovedException;
import org.wucme.store.StoredAccount;
import org.wucme.store.StoredCertificate;
import org.wucme.store.internal.Threads;

/**
 * A folder in wµCME's layout, which servers read directly:
 *
 * <pre>
 * WUCME_K_ACCOUNT.PEM            account key of the default CA
 * WUCME_K_ACCOUNT.PEM_NEXT       the key that the account is being given
 * WUCME_R_ACCOUNT.JSON           the account's record
 * WUCME_D_ACCOUNT$0123456789.JSON   a CA's directory, as it was fetched last; may be removed at any time
 * WUCME_C_WWW_EXAMPLE_ORG.PEM    certificate, chain, private key
 * WUCME_K_WWW_EXAMPLE_ORG.PEM    the private key once more
 * WUCME_R_WWW_EXAMPLE_ORG.JSON   the renewal record
 * WUCME_C_WWW_EXAMPLE_ORG.PEM_2026112200202700   what was replaced at that local time
 * WUCME_B_1A2B….JSON             an answer to a challenge, until it is removed or expires
 * WUCME_J_1A2B….JSON             a DNS record that is to be removed
 * WUCME_M_1A2B….JSON             a key that others may know
 * WUCME_U_1A2B….JSON             how much of a CA's limit was used lately
 * WUCME_LOCK.LCK                 the locks of the store, of each certificate and account
 * WUCME_LOCK.SEQ                 the last fencing token of a lease
 * WUCME_ACTIVE.LCK               the lock of the active manager
 * WUCME_ACTIVE.JSON              who that is
 * WUCME_ALARMS.JSON              when which alarm was raised last; may be removed at any time
 * </pre>
 *
 * <p>Only the owner can read what is written here. One rename of the certificate file is the transaction; it holds the
 * certificate and its key, so that the two always belong together. Files of wµCME itself are read as they are, and keep the
 * spelling of their names.
 *
 * <p>The folder is the one that the path led to when the store was opened. If a symbolic link leads elsewhere later, such as at
 * a deployment, what was begun is finished in the former folder; listing, locking and checking throw {@link
 * StoreMovedException}, and servers keep the certificates that they have. Then the store is to be opened again.
 *
 * <p>Locks are those of the operating system, so the folder should not be on NFS; on a file system without any, all that needs
 * one fails. On one without permissions, a warning says that other users may read the keys.
 */
public final class FileStore implements CertificateStore {

    private static final Logger LOG = LoggerFactory.getLogger(FileStore.class);

    private final Path place;
    private final Folder folder;
    private final Changes changes;
    private final RecentListing recent;
    private final ChangeFeed feed;
    private final CertificateWriter certificates;
    private final Accounts accounts;
    private final DirectoryFiles directories;
    private final ActiveLock activeLock;
    private final AlarmFile alarms;
    private final Leases leases;
    private final FileAnswers answers;
    private final FileJournal journal;
    private final FileBudgets budgets;
    private final CompromisedKeys marks;
    private final Map<Path, String> remarks = new ConcurrentHashMap<>();

    private FileStore(Path place, Folder folder, Clock clock) {
        this.place = place;
        this.folder = folder;
        this.changes = new Changes(folder);
        this.recent = new RecentListing(folder);
        this.feed = new ChangeFeed(this::readWithoutKey, recent, clock);
        Backups backups = new Backups(folder, clock);
        this.marks = new CompromisedKeys(folder, clock);
        this.certificates = new CertificateWriter(folder, recent, backups, marks);
        this.accounts = new Accounts(folder, recent, backups);
        this.directories = new DirectoryFiles(folder);
        this.activeLock = new ActiveLock(folder, clock);
        this.alarms = new AlarmFile(folder);
        this.leases = new Leases(folder, activeLock, clock, this::hasMoved);
        this.answers = new FileAnswers(folder, changes, clock);
        this.journal = new FileJournal(folder, changes, clock);
        this.budgets = new FileBudgets(folder, changes, clock);
    }

    static FileStore recovered(Folder folder, Clock clock) {
        return recovered(folder.path(), folder, clock);
    }

    private static FileStore recovered(Path place, Folder folder, Clock clock) {
        FileStore store = new FileStore(place.toAbsolutePath(), folder, clock);
        store.recover();
        return store;
    }

    /**
     * Opens the store in a folder, which is made if it is not there. What a crash left unfinished is finished or undone.
     *
     * @throws StoreException if this is not a folder, or may not be used; or if this is root, and another user can change the
     *     folder or one on the way to it
     */
    public static FileStore open(Path path) throws IOException {
        return open(path, Clock.system(ZoneId.systemDefault()));
    }

    /** Opens the store in a folder, with a clock that says when something was replaced, and in which time zone. */
    public static FileStore open(Path path, Clock clock) throws IOException {
        try {
            return recovered(path, new Folder(Folder.create(path)), clock);
        } catch (AccessDeniedException e) {
            throw Folder.permissionDenied("use", path, e);
        }
    }

    /**
     * Opens the store in a folder to look at it: nothing is made, and what a crash left unfinished stays so. Where there is no
     * folder, the store is empty, and cannot be changed.
     *
     * @throws StoreException as by {@link #open(Path)}
     */
    public static FileStore lookAt(Path path) throws IOException {
        Folder.requireOurs(path);
        Folder folder = Files.exists(path) ? new Folder(path) : Folder.missing(path);
        return new FileStore(path.toAbsolutePath(), folder, Clock.system(ZoneId.systemDefault()));
    }

    /** The folder. */
    public Path path() {
        return folder.path();
    }

    /** The name of the stored certificate that a file belongs to, by its file name; empty if it is no file of a store. */
    public static Optional<String> nameOf(Path file) {
        Path fileName = file.getFileName();
        return fileName == null ? Optional.empty() : FileNames.nameIn(fileName.toString());
    }

    /**
     * The file that holds the key of a certificate once more, beside the certificate's; empty if there is none.
     *
     * @param certificate the certificate's file
     * @throws IOException if the folder cannot be read
     */
    public static Optional<Path> keyFile(Path certificate) throws IOException {
        Path parent = certificate.toAbsolutePath().getParent();
        Optional<String> name = nameOf(certificate);
        if (parent == null || name.isEmpty() || !Files.isDirectory(parent)) {
            return Optional.empty();
        }
        return Optional.of(new Folder(parent).list().find(FileNames.key(name.get())))
                .filter(Files::isRegularFile);
    }

    /**
     * Before all that begins something: a certificate that has been issued is stored under the lock that is held, wherever
     * that is.
     */
    private void requireSamePlace() throws IOException {
        Path present;
        try {
            present = place.toRealPath();
        } catch (NoSuchFileException e) {
            LOG.debug("{} leads to nothing now", place, Trace.of(e));
            return;
        }
        if (!present.equals(folder.path())) {
            throw new StoreMovedException(place + " leads to " + present + " now, and led to " + folder.path()
                    + " when the store was opened: open it again");
        }
    }

    private boolean hasMoved() {
        try {
            requireSamePlace();
            return false;
        } catch (StoreMovedException e) {
            LOG.debug("leases no longer count as held", Trace.of(e));
            return true;
        } catch (IOException e) {
            LOG.debug("{} does not tell where it leads to", place, Trace.of(e));
            return false;
        }
    }

    @Override
    public List<StoredCertificate> list() throws IOException {
        requireSamePlace();
        Listing listing = recent.all();
        return Threads.map(List.copyOf(listing.storedNames()), name -> read(name, listing));
    }

    @Override
    public Optional<StoredCertificate> load(String name) throws IOException {
        Listing listing = recent.ofCertificate(FileNames.requireName(name));
        return listing.isStored(name) ? Optional.of(read(name, listing)) : Optional.empty();
    }

    /**
     * Opens only files that may be of these identifiers: a certificate with a renewal record is stored under the name of its
     * first identifier, unless it was copied here from another name.
     */
    @Override
    public Optional<String> findName(List<Identifier> identifiers) throws IOException {
        requireSamePlace();
        String usual = nameOf(identifiers.get(0));
        Listing listing = recent.all();
        if (listing.isStored(usual)) {
            return Optional.of(usual);
        }
        Set<Identifier> same = Set.copyOf(identifiers);
        Set<String> ofThese = identifiers.stream().map(each -> nameOf(each)).collect(Collectors.toUnmodifiableSet());
        return listing.certificates().keySet().stream()
                .filter(name -> ofThese.contains(name) || !listing.hasRecord(name))
                .filter(name -> isFor(same, readWithoutKey(name, listing).certificate()))
                .findFirst();
    }

    private static boolean isFor(Set<Identifier> identifiers, StoredCertificate stored) {
        return stored.chain() != null && stored.identifiers().equals(identifiers);
    }

    /** By the times, sizes and identities of the certificate files, so that a change by other programs is seen too. */
    @Override
    public Map<String, String> versions() throws IOException {
        requireSamePlace();
        Map<String, String> versions = new TreeMap<>();
        for (Map.Entry<String, Path> certificate : recent.certificates().entrySet()) {
            Folder.version(certificate.getValue()).ifPresent(version -> versions.put(certificate.getKey(), version));
        }
        return versions;
    }

    @Override
    public List<StoredCertificate> page(@Nullable String after, int limit) throws IOException {
        requireSamePlace();
        Listing listing = recent.listing();
        List<String> names = listing.storedNames().stream()
                .filter(name -> after == null || name.compareTo(after) > 0)
                .limit(limit)
                .toList();
        return Threads.map(names, name -> readWithoutKey(name, listing).certificate());
    }

    /** Without opening any file. */
    @Override
    public int count() throws IOException {
        requireSamePlace();
        return recent.listing().storedNames().size();
    }

    /** Opens only the files whose times, sizes or identities changed, and once an hour all. */
    @Override
    public StoreChanges changedSince(@Nullable String cursor) throws IOException {
        requireSamePlace();
        return feed.since(cursor);
    }

    @Override
    public List<StoredCertificate> due(Instant until, int limit) throws IOException {
        requireSamePlace();
        return DueDate.earliest(feed.all(), until, limit);
    }

    private ChangeFeed.ReadCertificate readWithoutKey(String name, Listing listing) {
        CertificateFiles files;
        try {
            files = CertificateFiles.of(name, listing);
        } catch (StoreException e) {
            return new ChangeFeed.ReadCertificate(unclear(name, e), Contents.digest(String.valueOf(e.getMessage())));
        }
        Optional<Sealed> sealed = Sealed.readWithoutKey(folder, files);
        if (sealed.isPresent()) {
            String location = files.certificate().toString();
            return new ChangeFeed.ReadCertificate(
                    StoredCertificate.of(name, location, sealed.get()),
                    sealed.get().digest());
        }
        Contents contents = Contents.read(folder, files);
        return new ChangeFeed.ReadCertificate(stored(name, files, contents).withoutKey(), contents.digestOfAll());
    }

    private StoredCertificate unclear(String name, StoreException e) {
        String location = folder.path().resolve(FileNames.certificate(name)).toString();
        return new StoredCertificate(name, location, null, null, null, e.getMessage());
    }

    private StoredCertificate read(String name, Listing listing) {
        CertificateFiles files;
        try {
            files = CertificateFiles.of(name, listing);
        } catch (StoreException e) {
            return unclear(name, e);
        }
        String location = files.certificate().toString();
        Optional<Sealed> sealed = Sealed.read(folder, files);
        if (sealed.isPresent()) {
            return StoredCertificate.of(name, location, sealed.get());
        }
        return stored(name, files, Contents.read(folder, files));
    }

    private StoredCertificate stored(String name, CertificateFiles files, Contents contents) {
        logOnce(files.certificate(), contents.remark());
        String location = files.certificate().toString();
        return new StoredCertificate(
                name, location, contents.chain(), contents.keyPair(), contents.record(), contents.problem());
    }

    /** Once for each file, until it is put right: every planning pass reads it. */
    private void logOnce(Path certificate, @Nullable String remark) {
        if (remark == null) {
            remarks.remove(certificate);
        } else if (!remark.equals(remarks.put(certificate, remark))) {
            LOG.warn("{} is left as it is, but should be corrected for servers that read it: {}", certificate, remark);
        }
    }

    @Override
    public void requireWritable(String name) throws IOException {
        requireSamePlace();
        FileNames.requireName(name);
        changes.run(() -> {
            certificates.probe(name);
            return name;
        });
    }

    @Override
    public void saveSpec(String name, CertificateSpec spec, boolean unmanaged, @Nullable String expectedVersion)
            throws IOException {
        FileNames.requireName(name);
        changes.run(() -> {
            certificates.saveSpec(name, spec, unmanaged, expectedVersion);
            return name;
        });
    }

    @Override
    public void saveAttempts(Lease lease, String name, Attempts attempts) throws IOException {
        underLease(lease, LeaseNames.certificate(name), () -> {
            certificates.saveAttempts(name, attempts);
            return name;
        });
    }

    @Override
    public void saveNextKey(Lease lease, String name, KeyPair keyPair) throws IOException {
        NewCertificate.requireEncodable(keyPair);
        underLease(lease, LeaseNames.certificate(name), () -> {
            certificates.saveNextKey(name, keyPair);
            return name;
        });
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
        NewCertificate certificate = NewCertificate.of(chain, keyPair);
        underLease(lease, LeaseNames.certificate(name), () -> {
            certificates.save(name, certificate, record, specVersion);
            return name;
        });
    }

    @Override
    public void saveDeployments(Lease lease, String name, BigInteger serial, Deployments deployments)
            throws IOException {
        underLease(lease, LeaseNames.deployments(name), () -> {
            certificates.saveDeployments(name, serial, deployments);
            return name;
        });
    }

    @Override
    public void saveRenewalInfo(List<RenewalInfoUpdate> updates) throws IOException {
        updates.forEach(update -> FileNames.requireName(update.name()));
        changes.run(() -> {
            certificates.saveRenewalInfo(updates);
            return updates;
        });
    }

    /** First the mark, which every later save finds; then what is stored with the key. */
    @Override
    public void markCompromised(PublicKey key) throws IOException {
        changes.run(() -> {
            marks.set(key);
            return key;
        });
        Failures failures = new Failures();
        for (StoredCertificate stored : list()) {
            CertificateChain chain = stored.chain();
            if (chain != null && Contents.same(chain.leaf().getPublicKey(), key)) {
                failures.collect(() -> changes.run(() -> {
                    certificates.markCompromised(stored.name(), key);
                    return key;
                }));
            }
        }
        failures.throwFirst();
    }

    @Override
    public boolean isCompromised(PublicKey key) throws IOException {
        return marks.isSet(key);
    }

    private <T> T underLease(Lease lease, String leaseName, Changes.Change<T> change) throws IOException {
        FileLease own = leases.require(lease, leaseName);
        return changes.run(() -> {
            own.requireLock();
            return change.run();
        });
    }

    @Override
    public Optional<KeyPair> loadNextKey(String name) throws IOException {
        FileNames.requireName(name);
        return Contents.readKey(folder, recent.ofCertificate(name).find(FileNames.nextKey(name)));
    }

    @Override
    public void removeRequest(Lease lease, String name) throws IOException {
        underLease(lease, LeaseNames.certificate(name), () -> {
            certificates.removeRequest(name);
            return name;
        });
    }

    @Override
    public String archive(Lease lease, String name) throws IOException {
        return underLease(lease, LeaseNames.certificate(name), () -> certificates.archive(name))
                .toString();
    }

    @Override
    public Optional<StoredAccount> loadAccount(String directoryUrl) throws IOException {
        return accounts.load(directoryUrl);
    }

    @Override
    public void saveAccount(StoredAccount account) throws IOException {
        changes.run(() -> {
            accounts.save(account);
            return account;
        });
    }

    @Override
    public void saveNextAccountKey(String directoryUrl, KeyPair keyPair) throws IOException {
        changes.run(() -> {
            accounts.saveNextKey(directoryUrl, keyPair);
            return keyPair;
        });
    }

    @Override
    public Optional<KeyPair> loadNextAccountKey(String directoryUrl) throws IOException {
        return accounts.loadNextKey(directoryUrl);
    }

    @Override
    public String retireAccount(String directoryUrl) throws IOException {
        return changes.run(() -> accounts.retire(directoryUrl)).toString();
    }

    @Override
    public Optional<String> defaultDirectoryUrl() throws IOException {
        return accounts.defaultDirectoryUrl();
    }

    @Override
    public DirectoryCache directories() {
        return directories;
    }

    @Override
    public Optional<Lease> lease(String name, Duration patience) throws IOException {
        requireSamePlace();
        return Changes.permitted(() -> leases.acquire(name, patience));
    }

    @Override
    public Budgets budgets() {
        return budgets;
    }

    @Override
    public ChallengeStore answers() {
        return answers;
    }

    @Override
    public RecordJournal records() {
        return journal;
    }

    @Override
    public Optional<ActiveManager> active() throws IOException {
        return Changes.permitted(activeLock::owner);
    }

    @Override
    public boolean firstAlarm(String name, String reason, Instant now, Duration pause) throws IOException {
        return changes.run(() -> alarms.isFirst(name, reason, now, pause));
    }

    /** A store that cannot be put right can still be read. */
    private void recover() {
        try {
            Set<String> unfinished = certificates.unfinished();
            if (!unfinished.isEmpty() || accounts.areUnfinished()) {
                changes.run(() -> {
                    accounts.recover();
                    certificates.recover(unfinished);
                    return folder;
                });
            }
        } catch (IOException e) {
            LOG.warn("the store in {} could not be put right: {}", folder.path(), e.getMessage());
        }
    }

    @Override
    public String toString() {
        return "FileStore[" + folder.path() + "]";
    }
}
