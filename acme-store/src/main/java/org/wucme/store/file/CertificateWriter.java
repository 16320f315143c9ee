package org.wucme.store.file;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.PublicKey;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wucme.acme.internal.text.Trace;
import org.wucme.acme.pki.CertificateChain;
import org.wucme.acme.pki.Pem;
import org.wucme.store.Attempts;
import org.wucme.store.CertificateSpec;
import org.wucme.store.Deployments;
import org.wucme.store.Part;
import org.wucme.store.RenewalInfoUpdate;
import org.wucme.store.RenewalRecord;
import org.wucme.store.StoreConflictException;
import org.wucme.store.StoreException;
import org.wucme.store.internal.Threads;

/**
 * Changes the files of certificates. The caller holds the lock of the store.
 *
 * <p>Everything new is written under temporary names first. Then one rename, of the certificate file, makes it so; the
 * others follow. After a crash the rule is: a temporary certificate file was not renamed, so its save never happened; a
 * temporary key or record that belongs to the certificate in place is the rest of a save that did, and any other is not.
 */
final class CertificateWriter {

    private static final Logger LOG = LoggerFactory.getLogger(CertificateWriter.class);
    private static final String REVOKED = "_REVOKED_";

    private final Folder folder;
    private final RecentListing recent;
    private final Backups backups;
    private final CompromisedKeys marks;

    CertificateWriter(Folder folder, RecentListing recent, Backups backups, CompromisedKeys marks) {
        this.folder = folder;
        this.recent = recent;
        this.backups = backups;
        this.marks = marks;
    }

    /** Fails as a save would, but changes nothing. */
    void probe(String name) throws IOException {
        CertificateFiles files = recovered(name);
        requireUnderstood(files);
        folder.probe(
                Folder.target(files.certificate()),
                List.of(Folder.target(files.key()), Folder.target(files.renewal())));
    }

    /**
     * See {@link org.wucme.store.CertificateStore#save}.
     *
     * @param specVersion of the spec in the record when the attempt began; null if there was none
     */
    void save(String name, NewCertificate certificate, RenewalRecord record, @Nullable String specVersion)
            throws IOException {
        CertificateFiles files = recovered(name);
        Contents old = requireUnderstood(files);
        RenewalRecord merged = marked(withLaterSpec(record, old.record(), specVersion), certificate.chain());
        String renewal = RenewalJson.text(merged, old.renewal(), certificate.seal());
        Path target = Folder.target(files.certificate());
        LOG.info("saving certificate to {}", Folder.temporary(target));
        try {
            prepare(target, certificate.certificatePem());
            prepare(Folder.target(files.key()), certificate.keyPem());
            prepare(Folder.target(files.renewal()), renewal);
            keepKey(files, old, certificate.keyPair());
            replace(target, old.text() != null);
        } catch (IOException | RuntimeException e) {
            undo(files);
            throw e;
        }
        finish(files, certificate.keyPair());
    }

    private void replace(Path target, boolean exists) throws IOException {
        Path backup = target;
        if (exists) {
            backup = backups.backUp(target);
            LOG.info("backed up {} as {}", target, backup);
        }
        LOG.info("renaming {} to {}", Folder.temporary(target), target);
        complete(target);
        folder.restrict(backup);
    }

    /** The certificate is stored, whatever happens here; what is missing in the end is made up for by the next change. */
    private void finish(CertificateFiles files, KeyPair keyPair) {
        try {
            complete(Folder.target(files.key()));
            removeNextKey(files, keyPair);
            complete(Folder.target(files.renewal()));
        } catch (IOException e) {
            LOG.warn("{} is stored, but not all that belongs to it: {}", files.certificate(), e.toString());
        }
    }

    /** Before the record is in place, whose absence tells a recovery that this may be still to be done. */
    private void removeNextKey(CertificateFiles files, @Nullable KeyPair stored) throws IOException {
        try {
            Optional<KeyPair> nextKey = Contents.readKey(folder, files.nextKey());
            if (nextKey.isPresent() && stored != null && same(nextKey.get(), stored)) {
                folder.remove(files.nextKey());
            }
        } catch (StoreException e) {
            LOG.warn("{} was left as it is: {}", files.nextKey(), e.getMessage());
        }
    }

    /** A key that stands in no certificate file, whose backup would hold it, gets a backup of its own. */
    private void keepKey(CertificateFiles files, Contents old, KeyPair replacement) throws IOException {
        KeyPair key = old.keyFile();
        boolean isBackedUp = old.keyIsAppended() && key != null && old.keyPair() != null && same(key, old.keyPair());
        if (key != null && !isBackedUp && !same(key, replacement)) {
            Path target = Folder.target(files.key());
            LOG.debug("backed up {} as {}", target, backups.backUp(target));
        }
    }

    private void undo(CertificateFiles files) {
        for (Path file : List.of(files.certificate(), files.key(), files.renewal())) {
            try {
                folder.discard(Folder.temporary(Folder.target(file)));
            } catch (StoreException e) {
                LOG.debug("nothing to undo at {}", file, Trace.of(e));
            }
        }
    }

    private static RenewalRecord withLaterSpec(
            RenewalRecord record, @Nullable RenewalRecord present, @Nullable String specVersion) {
        return present == null || Objects.equals(present.versionOf(Part.SPEC), specVersion)
                ? record
                : record.withSpec(present.spec()).withUnmanaged(present.unmanaged());
    }

    private RenewalRecord marked(RenewalRecord record, @Nullable CertificateChain chain) throws IOException {
        boolean isMarked = chain != null && marks.isSet(chain.leaf().getPublicKey());
        return isMarked ? record.withOrigin(record.origin().compromised()) : record;
    }

    void saveSpec(String name, CertificateSpec spec, boolean unmanaged, @Nullable String expectedVersion)
            throws IOException {
        update(name, contents -> {
            RenewalRecord present = contents.record();
            String version = present == null ? null : present.versionOf(Part.SPEC);
            if (!Objects.equals(version, expectedVersion)) {
                throw new StoreConflictException("what is requested as " + name
                        + (present == null ? " was removed" : " was changed") + " meanwhile: nothing was changed");
            }
            return present == null
                    ? marked(RenewalRecord.of(spec).withUnmanaged(unmanaged), contents.chain())
                    : present.withSpec(spec).withUnmanaged(unmanaged);
        });
    }

    void saveAttempts(String name, Attempts attempts) throws IOException {
        update(name, contents -> required(name, contents).withAttempts(attempts));
    }

    void saveDeployments(String name, BigInteger serial, Deployments deployments) throws IOException {
        update(name, contents -> {
            if (!isOf(serial, contents.chain())) {
                throw new StoreConflictException(
                        "another certificate is in place as " + name + " now: nothing was changed");
            }
            return required(name, contents).withDeployments(deployments);
        });
    }

    /** Of all of them, even if one fails. */
    void saveRenewalInfo(List<RenewalInfoUpdate> updates) throws IOException {
        Failures failures = new Failures();
        for (RenewalInfoUpdate update : updates) {
            failures.collect(() -> {
                updateIfRecorded(
                        update.name(),
                        contents -> isOf(update.serial(), contents.chain()),
                        record -> record.withRenewalInfo(update.choice()));
                return update;
            });
        }
        failures.throwFirst();
    }

    /** If it has this key still, and a record. */
    void markCompromised(String name, PublicKey key) throws IOException {
        updateIfRecorded(
                name,
                contents -> contents.chain() != null
                        && Contents.same(contents.chain().leaf().getPublicKey(), key),
                record -> record.withOrigin(record.origin().compromised()));
    }

    private static boolean isOf(BigInteger serial, @Nullable CertificateChain chain) {
        return chain != null && chain.leaf().getSerialNumber().equals(serial);
    }

    private static RenewalRecord required(String name, Contents contents) throws StoreException {
        RenewalRecord record = contents.record();
        if (record == null) {
            throw new StoreException("nothing is requested as " + name);
        }
        return record;
    }

    private void updateIfRecorded(String name, Predicate<Contents> condition, UnaryOperator<RenewalRecord> change)
            throws IOException {
        update(name, contents -> {
            RenewalRecord record = contents.record();
            return record != null && condition.test(contents) ? change.apply(record) : record;
        });
    }

    private interface RecordChange {
        /** The new record; null if there is none, and shall be none. */
        @Nullable
        RenewalRecord of(Contents contents) throws IOException;
    }

    /** Changes the record alone. What is as it should be is not written again. */
    private void update(String name, RecordChange change) throws IOException {
        CertificateFiles files = recovered(name);
        RenewalJson before = Contents.readRenewal(folder, files.renewal()).orElse(null);
        Contents contents = Contents.read(folder, files);
        RenewalRecord after = change.of(contents);
        if (after == null) {
            return;
        }
        String text = RenewalJson.text(after, before, contents.seal());
        Path target = Folder.target(files.renewal());
        if (before == null || !folder.read(target).filter(text::equals).isPresent()) {
            folder.put(target, text);
        }
    }

    void saveNextKey(String name, KeyPair keyPair) throws IOException {
        Path file = recovered(name).nextKey();
        String pem = Pem.encode(keyPair.getPrivate());
        Contents.readKey(folder, file);
        folder.put(Folder.target(file), pem);
    }

    void removeRequest(String name) throws IOException {
        CertificateFiles files = recovered(name);
        Contents contents = requireUnderstood(files);
        if (contents.chain() != null || contents.renewal() == null) {
            throw new StoreException(
                    (contents.chain() == null ? "nothing is stored as " : "a certificate is stored as ") + name);
        }
        LOG.info("removing {}", files.renewal());
        // The key first: a record without it is complete.
        folder.remove(files.nextKey());
        folder.remove(files.renewal());
    }

    /** Where the certificate is kept now. */
    Path archive(String name) throws IOException {
        CertificateFiles files = recovered(name);
        if (requireUnderstood(files).chain() == null) {
            throw new StoreException("there is no certificate in " + files.certificate());
        }
        String suffix = backups.suffixOfArchived(files.certificate(), REVOKED);
        Path archived = Folder.withSuffix(files.certificate(), suffix);
        LOG.info("renaming {} to {}", files.certificate(), archived);
        folder.rename(files.certificate(), archived);
        archiveRest(files, suffix);
        return archived;
    }

    private void archiveRest(CertificateFiles files, String suffix) throws IOException {
        for (Path file : List.of(files.key(), files.renewal())) {
            if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                folder.rename(file, Folder.withSuffix(file, suffix));
            }
        }
    }

    /** The names whose files a crash may have left unfinished. */
    Set<String> unfinished() throws IOException {
        Listing listing = recent.all();
        return Threads.map(
                        List.copyOf(listing.names()),
                        name -> isUnfinished(name, listing) ? Stream.of(name) : Stream.<String>empty())
                .stream()
                .flatMap(name -> name)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private boolean isUnfinished(String name, Listing listing) {
        try {
            return needsRecovery(CertificateFiles.of(name, listing), listing, name);
        } catch (StoreException e) {
            LOG.debug("what is stored as {} is reported when it is read", name, Trace.of(e));
            return false;
        }
    }

    private boolean needsRecovery(CertificateFiles files, Listing listing, String name) throws StoreException {
        for (Path file : List.of(files.certificate(), files.key(), files.renewal(), files.nextKey())) {
            Path target = Folder.target(file);
            Path temporary = Folder.temporary(target);
            boolean isHere = target.equals(file)
                    ? listing.contains(temporary)
                    : Files.exists(temporary, LinkOption.NOFOLLOW_LINKS);
            if (isHere) {
                return true;
            }
        }
        if (!unfinishedBackups(listing, name).isEmpty()) {
            return true;
        }
        Optional<String> certificate = folder.read(files.certificate());
        Optional<String> key = folder.read(files.key()).filter(text -> !text.isBlank());
        if (certificate.isEmpty()) {
            return !listing.startingWith(FileNames.certificate(name) + REVOKED).isEmpty()
                    && (key.isPresent() || listing.isStored(name));
        }
        return certificate.get().contains("PRIVATE KEY") && !certificate.get().contains(key.orElse("\0"));
    }

    void recover(Set<String> names) throws IOException {
        Listing listing = recent.all();
        for (String name : names) {
            try {
                recovered(name, listing);
            } catch (StoreException e) {
                LOG.warn("what is stored as {} was left as it is: {}", name, e.getMessage());
            }
        }
    }

    private CertificateFiles recovered(String name) throws IOException {
        return recovered(name, recent.ofCertificate(name));
    }

    private CertificateFiles recovered(String name, Listing listing) throws IOException {
        CertificateFiles files = CertificateFiles.of(name, listing);
        for (Path unfinished : unfinishedBackups(listing, name)) {
            folder.remove(unfinished);
        }
        for (Path file : List.of(files.certificate(), files.nextKey())) {
            removeLeftOver(Folder.temporary(Folder.target(file)), "its save was not finished, and the old one stays");
        }
        Contents contents = Contents.read(folder, files);
        boolean exists = Files.exists(files.certificate(), LinkOption.NOFOLLOW_LINKS);
        if (exists && contents.chain() == null) {
            // What belongs to a certificate that cannot be read cannot be told.
            return files;
        }
        if (!exists) {
            finishArchiving(files, listing, name);
        }
        recoverRenewal(files, contents);
        recoverKey(files, contents);
        return files;
    }

    private List<Path> unfinishedBackups(Listing listing, String name) {
        return listing.startingWith(FileNames.certificate(name) + "_2").stream()
                .filter(file -> file.toString().endsWith("_TMP"))
                .toList();
    }

    private void removeLeftOver(Path file, String reason) throws IOException {
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            LOG.info("removing {}: {}", file, reason);
            folder.remove(file);
        }
    }

    private void recoverRenewal(CertificateFiles files, Contents contents) throws IOException {
        Path target = Folder.target(files.renewal());
        Path temporary = Folder.temporary(target);
        if (belongs(temporary, contents)) {
            removeNextKey(files, contents.keyPair());
            LOG.info("renaming {} to {}: the rest of a save that was cut short", temporary, target);
            folder.rename(temporary, target);
        } else {
            removeLeftOver(temporary, "it belongs to no certificate that was saved");
        }
    }

    private boolean belongs(Path renewal, Contents contents) throws StoreException {
        Optional<String> text = folder.read(renewal);
        try {
            return text.isPresent()
                    && Objects.equals(RenewalJson.parse(text.get(), folder::ca).certificate(), contents.fingerprint());
        } catch (IllegalArgumentException e) {
            LOG.debug("{} was not written to its end", renewal, Trace.of(e));
            return false;
        }
    }

    private void recoverKey(CertificateFiles files, Contents contents) throws IOException {
        Path target = Folder.target(files.key());
        removeLeftOver(Folder.temporary(target), "the key is taken from the certificate file");
        KeyPair appended = contents.keyIsAppended() ? contents.keyPair() : null;
        boolean isReadable =
                contents.keyFile() != null || folder.read(target).orElse("").isBlank();
        if (appended == null || !isReadable || (contents.keyFile() != null && same(contents.keyFile(), appended))) {
            return;
        }
        if (contents.keyFile() != null) {
            LOG.info("backed up {} as {}", target, backups.backUp(target));
        }
        LOG.info("repairing {} from {}", target, files.certificate());
        folder.put(target, Pem.encode(appended.getPrivate()));
    }

    /** A certificate that has been set aside as revoked takes with it the key and the record that belong to it. */
    private void finishArchiving(CertificateFiles files, Listing listing, String name) throws IOException {
        String prefix = FileNames.certificate(name) + REVOKED;
        for (Path archived : listing.startingWith(prefix)) {
            String suffix = archived.getFileName()
                    .toString()
                    .substring(FileNames.certificate(name).length());
            Contents contents = Contents.read(
                    folder, new CertificateFiles(archived, files.key(), files.renewal(), files.nextKey()));
            RenewalJson renewal = contents.renewal();
            CertificateChain chain = contents.chain();
            if (renewal != null
                    && renewal.certificate() != null
                    && renewal.certificate().equals(contents.fingerprint())) {
                folder.rename(files.renewal(), Folder.withSuffix(files.renewal(), suffix));
            }
            if (contents.keyFile() != null && chain != null && Contents.belong(contents.keyFile(), chain)) {
                folder.rename(files.key(), Folder.withSuffix(files.key(), suffix));
            }
        }
    }

    private Contents requireUnderstood(CertificateFiles files) throws StoreException {
        Contents contents = Contents.read(folder, files);
        if (contents.problem() != null) {
            throw new StoreException(contents.problem());
        }
        return contents;
    }

    private void prepare(Path target, String content) throws IOException {
        folder.write(Folder.temporary(target), content);
    }

    private void complete(Path target) throws IOException {
        folder.rename(Folder.temporary(target), target);
    }

    private static boolean same(KeyPair one, KeyPair other) {
        return Contents.same(one.getPublic(), other.getPublic());
    }
}
