package org.wucme.store.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wucme.acme.internal.text.Trace;
import org.wucme.acme.pki.Pem;
import org.wucme.store.StoreException;
import org.wucme.store.StoredAccount;

/**
 * The accounts of a store: one under the plain name, that of the default CA, and those of other CAs under the hash of their
 * directory URL. A key without a record, as wµCME has it, serves whichever CA has no other.
 *
 * <p>One rename, of the key file, is the transaction. The record says which key it was written with: beside another it is
 * out of date.
 */
final class Accounts {

    private static final Logger LOG = LoggerFactory.getLogger(Accounts.class);

    private static final Pattern RECORD = Pattern.compile("(?i:WUCME_R_(ACCOUNT(?:\\$[0-9A-F]+)?)\\.JSON)");
    private static final Pattern LEFT_OVER =
            Pattern.compile("(?i:WUCME_[KR]_ACCOUNT(?:\\$[0-9A-F]+)?\\.(?:PEM|JSON))(?i:_NEXT|_[0-9]{16})?_TMP");
    private static final String DEACTIVATED = "_DEACTIVATED_";

    private final Folder folder;
    private final RecentListing recent;
    private final Backups backups;

    Accounts(Folder folder, RecentListing recent, Backups backups) {
        this.folder = folder;
        this.recent = recent;
        this.backups = backups;
    }

    Optional<StoredAccount> load(String directoryUrl) throws IOException {
        return entryOf(directoryUrl).account(directoryUrl);
    }

    private Entry entryOf(String directoryUrl) throws IOException {
        Entry byDefault = byDefault();
        if (byDefault.isOf(directoryUrl)) {
            return byDefault;
        }
        String name = FileNames.accountNameOf(directoryUrl);
        Entry own = Entry.read(folder, recent.ofAccount(name), name);
        return own.keyPair() != null || byDefault.record() != null ? own : byDefault;
    }

    Optional<String> defaultDirectoryUrl() throws IOException {
        return Optional.ofNullable(byDefault().record()).map(AccountJson::directoryUrl);
    }

    private Entry byDefault() throws IOException {
        return Entry.read(folder, recent.ofAccount(FileNames.ACCOUNT), FileNames.ACCOUNT);
    }

    /** The caller holds the lock of the store. */
    void save(StoredAccount account) throws IOException {
        recover();
        Listing listing = folder.list();
        Entry byDefault = Entry.read(folder, listing, FileNames.ACCOUNT);
        boolean isDefault = byDefault.record() == null || byDefault.isOf(account.directoryUrl());
        Entry entry =
                isDefault ? byDefault : Entry.read(folder, listing, FileNames.accountNameOf(account.directoryUrl()));
        write(entry, account);
    }

    private void write(Entry entry, StoredAccount account) throws IOException {
        Path keyFile = Folder.target(entry.keyFile());
        Path recordFile = Folder.target(entry.recordFile());
        String key = Pem.encode(account.keyPair().getPrivate());
        String record = AccountJson.text(account, entry.record());
        KeyPair old = entry.keyPair();
        if (old == null) {
            // Before it is at the CA, and its key is replaced for the first time.
            folder.probe(keyFile, List.of(recordFile));
        }
        try {
            folder.write(Folder.temporary(recordFile), record);
            folder.write(Folder.temporary(keyFile), key);
            if (old != null && !Contents.same(old.getPublic(), account.keyPair().getPublic())) {
                LOG.info("backed up {} as {}", keyFile, backups.backUp(keyFile));
            }
            folder.rename(Folder.temporary(keyFile), keyFile);
        } catch (IOException | RuntimeException e) {
            folder.discard(Folder.temporary(keyFile));
            folder.discard(Folder.temporary(recordFile));
            throw e;
        }
        folder.rename(Folder.temporary(recordFile), recordFile);
        forgetNextKey(entry, account.keyPair());
    }

    /** The account is stored, whatever happens here: a next key that is the present one counts for nothing. */
    private void forgetNextKey(Entry entry, KeyPair present) {
        try {
            Optional<KeyPair> next = Contents.readKey(folder, entry.nextKeyFile());
            if (next.isPresent() && Contents.same(next.get().getPublic(), present.getPublic())) {
                folder.remove(entry.nextKeyFile());
            }
        } catch (IOException e) {
            LOG.warn("the account is stored, but {} is left: {}", entry.nextKeyFile(), e.toString());
        }
    }

    /** The caller holds the lock of the store. */
    void saveNextKey(String directoryUrl, KeyPair keyPair) throws IOException {
        recover();
        Path file = Folder.target(required(directoryUrl).nextKeyFile());
        folder.put(file, Pem.encode(keyPair.getPrivate()));
    }

    Optional<KeyPair> loadNextKey(String directoryUrl) throws IOException {
        Entry entry = entryOf(directoryUrl);
        KeyPair present = entry.keyPair();
        return Contents.readKey(folder, entry.nextKeyFile())
                .filter(next -> present == null || !Contents.same(next.getPublic(), present.getPublic()));
    }

    /** The caller holds the lock of the store. The key goes before its record, without which it would serve any CA. */
    Path retire(String directoryUrl) throws IOException {
        recover();
        Entry entry = required(directoryUrl);
        String suffix = backups.suffixOfArchived(entry.keyFile(), DEACTIVATED);
        for (Path file : List.of(entry.nextKeyFile(), entry.keyFile(), entry.recordFile())) {
            if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                folder.rename(file, Folder.withSuffix(file, suffix));
            }
        }
        return Folder.withSuffix(entry.keyFile(), suffix);
    }

    private Entry required(String directoryUrl) throws IOException {
        Entry entry = entryOf(directoryUrl);
        if (entry.keyPair() == null) {
            throw new StoreException("there is no account at " + directoryUrl + " in " + folder.path());
        }
        return entry;
    }

    boolean areUnfinished() throws IOException {
        return !leftOvers(folder.list()).isEmpty();
    }

    /** The caller holds the lock of the store. */
    void recover() throws IOException {
        Listing listing = folder.list();
        for (Path file : leftOvers(listing)) {
            try {
                recover(file, listing);
            } catch (StoreException e) {
                LOG.warn("{} was left as it is: {}", file, e.getMessage());
            }
        }
    }

    private void recover(Path file, Listing listing) throws IOException {
        String temporary = file.toString();
        Path target = file.resolveSibling(temporary.substring(0, temporary.length() - "_TMP".length()));
        if (isRestOfSave(file, target, listing)) {
            LOG.info("renaming {} to {}: the rest of a save that was cut short", file, target);
            folder.rename(file, target);
        } else {
            LOG.info("removing {}: its save was not finished, and the old one stays", file);
            folder.remove(file);
        }
    }

    private boolean isRestOfSave(Path temporary, Path record, Listing listing) throws StoreException {
        Matcher name = RECORD.matcher(String.valueOf(record.getFileName()));
        if (!name.matches()) {
            return false;
        }
        Optional<KeyPair> key = Contents.readKey(folder, listing.find(FileNames.key(name.group(1))));
        Optional<String> text = folder.read(temporary);
        try {
            return key.isPresent()
                    && text.isPresent()
                    && AccountJson.parse(text.get()).isWrittenWith(key.get());
        } catch (IllegalArgumentException e) {
            LOG.debug("{} was not written to its end", temporary, Trace.of(e));
            return false;
        }
    }

    private static List<Path> leftOvers(Listing listing) {
        return Stream.of("WUCME_K_ACCOUNT", "WUCME_R_ACCOUNT")
                .flatMap(prefix -> listing.startingWith(prefix).stream())
                .filter(file ->
                        LEFT_OVER.matcher(String.valueOf(file.getFileName())).matches())
                .toList();
    }

    private record Entry(
            Path keyFile,
            Path nextKeyFile,
            Path recordFile,
            @Nullable KeyPair keyPair,
            @Nullable AccountJson record) {

        static Entry read(Folder folder, Listing listing, String name) throws StoreException {
            Path keyFile = listing.find(FileNames.key(name));
            Path recordFile = listing.find(FileNames.renewal(name));
            KeyPair keyPair = Contents.readKey(folder, keyFile).orElse(null);
            Optional<String> text = folder.read(recordFile);
            try {
                return new Entry(
                        keyFile,
                        listing.find(FileNames.nextKey(name)),
                        recordFile,
                        keyPair,
                        text.map(AccountJson::parse).orElse(null));
            } catch (IllegalArgumentException e) {
                throw new StoreException(Contents.notUnderstood(recordFile, e), e);
            }
        }

        boolean isOf(String directoryUrl) {
            return record != null && record.directoryUrl().equals(directoryUrl);
        }

        Optional<StoredAccount> account(String directoryUrl) {
            if (keyPair == null) {
                return Optional.empty();
            }
            boolean isCurrent = record != null && isOf(directoryUrl) && record.isWrittenWith(keyPair);
            return Optional.of(
                    record != null && isCurrent
                            ? new StoredAccount(directoryUrl, record.accountUrl(), record.contacts(), keyPair)
                            : new StoredAccount(directoryUrl, null, List.of(), keyPair));
        }
    }
}
