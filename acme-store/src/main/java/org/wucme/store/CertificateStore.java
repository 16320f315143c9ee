package org.wucme.store;

import java.io.IOException;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.wucme.acme.DirectoryCache;
import org.wucme.acme.Identifier;
import org.wucme.acme.challenge.ChallengeContext;
import org.wucme.acme.challenge.Lease;
import org.wucme.acme.pki.CertificateChain;

/**
 * Where certificates, their keys, their renewal records and the accounts are kept.
 *
 * <p>Every change is a transaction: after a crash at any instant, the store holds what was there before or what was
 * there after, and what a method has returned from is there for good. Changes from several threads and processes never
 * mix. Whatever the store does not understand it reports and leaves alone.
 *
 * <p>A certificate is stored under a name that {@link #nameOf} makes from the first of its identifiers. One found in the
 * store has the name it was found under, which is the one to renew it under: the CA may have sorted its identifiers.
 *
 * <p>What is stored under one name has {@linkplain Part parts} with writers of their own: none of them undoes what another
 * wrote, and each conflicting write throws {@link StoreConflictException} and changes nothing. A write under a lease is
 * checked against the lease in the same atomic step.
 *
 * <p>As a {@link ChallengeContext}, it is what an attempt hands to its solvers: every process that uses the store finds the
 * answers and the DNS records that another one has put there.
 *
 * <p>Thread-safe. Every method may throw {@link java.io.InterruptedIOException} when its thread is interrupted; the
 * thread's flag stays set, and nothing has changed.
 */
public interface CertificateStore extends CertificateSource, ChallengeContext {

    /** The name that a new certificate with this first identifier is stored under. The same for ever, in every store. */
    default String nameOf(Identifier first) {
        return StoredNames.nameOf(first);
    }

    /**
     * All that is stored, in the order of names: certificates, renewal records of certificates not issued yet, and what
     * cannot be read, with its problem.
     *
     * @throws IOException if the store itself cannot be read
     */
    List<StoredCertificate> list() throws IOException;

    /**
     * The name under which a request for these identifiers is stored already: the one that {@link #nameOf} makes from the first
     * of them, else that of a certificate for the same identifiers in any order. The default lists the whole store.
     *
     * @return empty if there is none
     * @throws IOException if the store itself cannot be read
     */
    default Optional<String> findName(List<Identifier> identifiers) throws IOException {
        String usual = nameOf(identifiers.get(0));
        if (load(usual).isPresent()) {
            return Optional.of(usual);
        }
        Set<Identifier> same = Set.copyOf(identifiers);
        return list().stream()
                .filter(stored -> stored.chain() != null && stored.identifiers().equals(same))
                .map(StoredCertificate::name)
                .findFirst();
    }

    /**
     * The next of all that {@link #list} has, without keys: for a store of any size, part by part.
     *
     * @param after the name after which it begins; null for the first ones
     * @param limit how many at most; at least one
     * @throws IOException if the store itself cannot be read
     */
    default List<StoredCertificate> page(@Nullable String after, int limit) throws IOException {
        return list().stream()
                .filter(stored -> after == null || stored.name().compareTo(after) > 0)
                .limit(limit)
                .map(StoredCertificate::withoutKey)
                .toList();
    }

    /**
     * How many {@link #list} has.
     *
     * @throws IOException if the store itself cannot be read
     */
    default int count() throws IOException {
        return list().size();
    }

    /**
     * What has changed since an earlier call, so that a planning pass costs in proportion to it. A change may be reported
     * more than once, and at most an hour late if a program made it that is none of ours.
     *
     * @param cursor of that call; null, or one that the store no longer knows, for all there is
     * @throws IOException if the store itself cannot be read
     */
    default StoreChanges changedSince(@Nullable String cursor) throws IOException {
        List<StoredCertificate> all =
                list().stream().map(StoredCertificate::withoutKey).toList();
        return new StoreChanges("", true, all, List.of());
    }

    /**
     * What may have to be renewed or deployed until a moment, by {@link DueDate}, without keys: the earliest first. Some of
     * it may turn out not to be due.
     *
     * @param limit how many at most; at least one
     * @throws IOException if the store itself cannot be read
     */
    default List<StoredCertificate> due(Instant until, int limit) throws IOException {
        return DueDate.earliest(list(), until, limit).stream()
                .map(StoredCertificate::withoutKey)
                .toList();
    }

    /**
     * As {@link #due}, with the lease of each: what another thread, process or node works on is left out. So many can share
     * the work of one store.
     *
     * @return those that the caller works on and whose leases it closes
     * @throws IOException if the store cannot be read, or leases cannot be claimed; then no lease is held
     */
    default List<ClaimedCertificate> claim(Instant until, int limit) throws IOException {
        return Claims.of(this, until, limit);
    }

    /**
     * What is stored under a name; empty if that is neither a certificate nor a renewal record.
     *
     * @throws IOException if the store itself cannot be read
     */
    @Override
    Optional<StoredCertificate> load(String name) throws IOException;

    /**
     * As {@link CertificateSource#versions}; by the certificates themselves, unless a store has a cheaper way.
     *
     * @throws IOException if the store itself cannot be read
     */
    @Override
    default Map<String, String> versions() throws IOException {
        Map<String, String> versions = new TreeMap<>();
        for (StoredCertificate stored : list()) {
            CertificateChain chain = stored.chain();
            if (chain != null) {
                X509Certificate leaf = chain.leaf();
                versions.put(stored.name(), leaf.getSerialNumber() + " " + leaf.hashCode());
            }
        }
        return versions;
    }

    /**
     * Fails where {@link #save} would: the store cannot be written, or something that it does not understand is in the
     * way. To be asked before a CA is, so that no order is wasted.
     *
     * @throws StoreException if something that is not understood is in the way
     * @throws IOException if the store cannot be written
     */
    void requireWritable(String name) throws IOException;

    /**
     * Stores the spec. Any process that has read it may write it, whether or not there is a certificate and another process
     * holds its lease; the other parts stay as they are.
     *
     * @param expectedVersion of {@link Part#SPEC}, as it was read; null if there was none
     * @throws StoreConflictException if the part has another version now
     * @throws StoreException if the record that is there is not understood
     */
    void saveSpec(String name, CertificateSpec spec, boolean unmanaged, @Nullable String expectedVersion)
            throws IOException;

    /**
     * Stores what came of attempts.
     *
     * @param lease {@link LeaseNames#certificate} of this name
     * @throws StoreConflictException if the lease is lost
     * @throws StoreException if nothing is requested under this name, or the record is not understood
     */
    void saveAttempts(Lease lease, String name, Attempts attempts) throws IOException;

    /**
     * Stores the key of a certificate that is about to be ordered, so that the order can still be used after a crash. Replaces
     * an earlier next key; touches no certificate.
     *
     * @param lease {@link LeaseNames#certificate} of this name
     * @throws StoreConflictException if the lease is lost
     * @throws IllegalArgumentException if the key cannot be kept in this store
     */
    void saveNextKey(Lease lease, String name, KeyPair keyPair) throws IOException;

    /**
     * Stores a certificate and its key, with its record, together. What they replace is kept as a backup. Nothing but a lost
     * lease is a conflict: an issued certificate is not discarded because another part has changed meanwhile. If it is
     * lost, the pending order and the next key stay, with which the new holder obtains the same certificate.
     *
     * <p>Of the record, spec and {@code unmanaged} are stored unless they were changed since the attempt began; then the later
     * ones stay. Its key counts as compromised if that was {@linkplain #markCompromised marked}, whatever the record says.
     *
     * <p>A key from {@link #saveNextKey} has served once its certificate is stored, and is the next key no more.
     *
     * @param lease {@link LeaseNames#certificate} of this name
     * @param specVersion of {@link Part#SPEC} when the attempt began; null if there was none
     * @throws StoreConflictException if the lease is lost
     * @throws IllegalArgumentException if the key is not the certificate's, or cannot be kept in this store
     * @throws StoreException if something that is not understood is in the way
     * @throws IOException if it could not be stored; the old certificate is still there
     */
    void save(
            Lease lease,
            String name,
            CertificateChain chain,
            KeyPair keyPair,
            RenewalRecord record,
            @Nullable String specVersion)
            throws IOException;

    /**
     * Stores what was done with the certificate in place.
     *
     * @param lease {@link LeaseNames#deployments} of this name
     * @param serial the serial number of the certificate with which it was done
     * @throws StoreConflictException if the lease is lost, or another certificate is in place
     * @throws StoreException if the certificate has no record, or that is not understood
     */
    void saveDeployments(Lease lease, String name, BigInteger serial, Deployments deployments) throws IOException;

    /**
     * Stores when CAs suggest to renew certificates. An update of a certificate that is not in place, or has no record, is
     * dropped.
     *
     * @throws IOException if one of them could not be stored; all others are
     */
    void saveRenewalInfo(List<RenewalInfoUpdate> updates) throws IOException;

    /**
     * Notes, once and for good, that others may know a key. All that is stored with it, and what is stored with it later, is
     * due at once. What has no renewal record is not until it has one.
     *
     * @throws IOException if it could not be noted, or something that is stored with this key could not be changed
     */
    void markCompromised(PublicKey key) throws IOException;

    /**
     * Whether a key was {@linkplain #markCompromised marked}.
     *
     * @throws IOException if the store cannot be read
     */
    boolean isCompromised(PublicKey key) throws IOException;

    /**
     * The key from {@link #saveNextKey}, unless its certificate was stored since.
     *
     * @throws StoreException if it is there and cannot be read
     */
    Optional<KeyPair> loadNextKey(String name) throws IOException;

    /**
     * Removes what is stored for a certificate that was never issued: its renewal record and its next key.
     *
     * @param lease {@link LeaseNames#certificate} of this name
     * @throws StoreConflictException if the lease is lost
     * @throws StoreException if nothing is stored under this name, or a certificate, or something that is not understood
     */
    void removeRequest(Lease lease, String name) throws IOException;

    /**
     * Takes a revoked certificate, with its key and renewal record, out of service. All are kept aside, under a name that says
     * so. To leave a certificate in service that is not to be renewed, save a spec that is unmanaged instead.
     *
     * @param lease {@link LeaseNames#certificate} of this name
     * @return where the certificate is kept now
     * @throws StoreConflictException if the lease is lost
     * @throws StoreException if there is no certificate of this name, or something that is not understood
     */
    String archive(Lease lease, String name) throws IOException;

    /**
     * The account at the CA with this directory.
     *
     * @throws StoreException if it is there and cannot be read
     */
    Optional<StoredAccount> loadAccount(String directoryUrl) throws IOException;

    /**
     * Stores an account, in the place of what was stored for the same CA; a key that this replaces is kept as a backup. The
     * first CA that a store has an account for is its default.
     *
     * @throws IllegalArgumentException if the key cannot leave the device it lives in
     * @throws StoreException if something that is not understood is in the way
     */
    void saveAccount(StoredAccount account) throws IOException;

    /**
     * Stores the key that an account is about to be given (RFC 8555 section 7.3.5), beside the present one, so that the account
     * is not lost in a crash after the CA has changed it. Takes the place of an earlier next key: be sure that the CA does not
     * know that one.
     *
     * @throws IllegalArgumentException if the key cannot leave the device it lives in
     * @throws StoreException if there is no account at the CA with this directory
     */
    void saveNextAccountKey(String directoryUrl, KeyPair keyPair) throws IOException;

    /**
     * The key from {@link #saveNextAccountKey}, unless the account was stored with it since.
     *
     * @throws StoreException if it is there and cannot be read
     */
    Optional<KeyPair> loadNextAccountKey(String directoryUrl) throws IOException;

    /**
     * Takes a deactivated account out of service. It is kept aside with all its keys, under a name that says so.
     *
     * @return where the key is kept now
     * @throws StoreException if there is no account at the CA with this directory
     */
    String retireAccount(String directoryUrl) throws IOException;

    /**
     * The directory URL of the CA that is this store's default; empty while there is none.
     *
     * @throws StoreException if the record that says so cannot be read
     */
    Optional<String> defaultDirectoryUrl() throws IOException;

    /**
     * Where the directories of CAs are kept beside the accounts, so that a new process need not fetch them (RFC 8555 section
     * 7.1.1); nowhere, unless a store has a place for them.
     */
    default DirectoryCache directories() {
        return DirectoryCache.NONE;
    }

    /**
     * Claims a lease, against other threads and other processes. Not reentrant. {@link LeaseNames} has the names; others, such
     * as of a DNS zone, may be used for what a solver must not do twice at the same time.
     *
     * <p>The lease of a certificate is held from the decision to order until the save; read the certificate again once it is
     * held, since another process may have renewed it meanwhile.
     *
     * <p>A lease lasts until it is closed, at the latest until its process ends; a store that many machines use ends it
     * some time after its holder was heard of last, whether that works on or not. So its holder must look at {@link
     * Lease#isHeld} before anything that cannot be undone.
     *
     * @param patience how long to wait for it; zero to try once
     * @return the lease; empty if another thread or process still held it in the end
     * @throws IllegalArgumentException if no lease can have this name
     * @throws java.io.InterruptedIOException if the thread is interrupted while waiting; its flag stays set
     */
    @Override
    Optional<Lease> lease(String name, Duration patience) throws IOException;

    /** How often limited things were done lately, for the limits of CAs. */
    Budgets budgets();

    /**
     * Who holds the lease {@link LeaseNames#ACTIVE}, for a report; empty if no manager does. No manager is kept from claiming it
     * by this. Right after a process took over from one that was killed, this may still tell of that one.
     *
     * @return {@link ActiveManager#UNKNOWN} if somebody holds it and left no word who that is
     * @throws IOException if it cannot be told whether somebody holds it
     */
    Optional<ActiveManager> active() throws IOException;

    /**
     * Notes that an alarm is raised, in one step with the question whether it was raised lately, so that of all managers of a
     * store, one raises it. A manager asks for each alarm that it has not raised lately itself.
     *
     * <p>The default says that each alarm is the first: then every manager raises it, and one that was restarted does so again.
     *
     * @param name of the certificate
     * @param reason what kind of alarm this is, in upper-case letters and underscores
     * @param pause how long before {@code now}, or after it by a clock that was wrong, is lately; positive
     * @return whether no such alarm was noted lately, and this one is
     * @throws IOException if it could not be noted; the alarm is to be raised then
     */
    default boolean firstAlarm(String name, String reason, Instant now, Duration pause) throws IOException {
        return true;
    }
}
