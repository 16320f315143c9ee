package org.wucme.store.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wucme.acme.CachedDirectory;
import org.wucme.acme.DirectoryCache;
import org.wucme.acme.internal.text.Trace;
import org.wucme.store.internal.JsonMembers;

/**
 * The directories of CAs in a store, each in a file of its own beside the account. A file that is not understood, such as
 * that of another version, is as good as none, and is replaced. Thread-safe.
 */
final class DirectoryFiles implements DirectoryCache {

    private static final Logger LOG = LoggerFactory.getLogger(DirectoryFiles.class);
    private static final int VERSION = 1;

    private final Folder folder;

    DirectoryFiles(Folder folder) {
        this.folder = folder;
    }

    @Override
    public Optional<CachedDirectory> load(String directoryUrl) throws IOException {
        Path file = fileOf(directoryUrl);
        return folder.readOwn(file).flatMap(text -> parse(file, directoryUrl, text));
    }

    private static Optional<CachedDirectory> parse(Path file, String directoryUrl, String text) {
        try {
            JsonMembers members = JsonMembers.parse(text);
            boolean isOurs = members.number("version", 0) == VERSION && directoryUrl.equals(members.text("url"));
            return isOurs
                    ? Optional.of(new CachedDirectory(
                            members.requiredText("document"),
                            members.requiredInstant("fetched"),
                            members.requiredInstant("expires")))
                    : Optional.empty();
        } catch (IllegalArgumentException e) {
            LOG.debug("{} is not understood, and so not used", file, Trace.of(e));
            return Optional.empty();
        }
    }

    @Override
    public void save(String directoryUrl, CachedDirectory directory) throws IOException {
        String text = JsonMembers.empty()
                .set("version", VERSION)
                .set("url", directoryUrl)
                .set("fetched", directory.fetchedAt().toString())
                .set("expires", directory.expiresAt().toString())
                .set("document", directory.document())
                .toText();
        change(() -> folder.put(fileOf(directoryUrl), text));
    }

    @Override
    public void drop(String directoryUrl) throws IOException {
        Path file = fileOf(directoryUrl);
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            change(() -> folder.remove(file));
        }
    }

    // No request waits for a cache: while another process changes the store, this one does not.
    private void change(Change change) throws IOException {
        Path lockFile = folder.path().resolve(FileNames.LOCK);
        Optional<LockFile.Held> lock = LockFile.acquire(folder, lockFile, LockFile.FIRST, Duration.ZERO);
        if (lock.isPresent()) {
            try (LockFile.Held held = lock.get()) {
                change.make();
            }
        }
    }

    private Path fileOf(String directoryUrl) {
        return folder.path().resolve(FileNames.directory(directoryUrl));
    }

    private interface Change {
        void make() throws IOException;
    }
}
