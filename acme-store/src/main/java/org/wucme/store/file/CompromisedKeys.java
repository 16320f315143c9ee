package org.wucme.store.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.PublicKey;
import java.time.Clock;
import java.util.Optional;
import org.wucme.store.StoreException;
import org.wucme.store.internal.JsonMembers;

/**
 * The keys that others may know, each in a file of its own that is named by the hash of the public key, and never removed.
 * Thread-safe.
 */
final class CompromisedKeys {

    private final Folder folder;
    private final Clock clock;

    CompromisedKeys(Folder folder, Clock clock) {
        this.folder = folder;
        this.clock = clock;
    }

    /** The caller holds the lock of the store. */
    void set(PublicKey key) throws IOException {
        if (!isSet(key)) {
            String text = JsonMembers.empty()
                    .setVersion()
                    .set("publicKey", digest(key))
                    .set("marked", clock.instant().toString())
                    .toText();
            folder.put(fileOf(key), text);
        }
    }

    /**
     * Whether a key is marked. A file of this name marks it, even if it was damaged: nothing else has such a name, and a key
     * too many that is replaced does no harm.
     */
    boolean isSet(PublicKey key) throws IOException {
        Path file = fileOf(key);
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        Optional<String> marked = markedKey(file);
        return marked.isEmpty() || marked.get().equals(digest(key));
    }

    private Optional<String> markedKey(Path file) throws StoreException {
        try {
            return folder.read(file).map(text -> JsonMembers.parse(text).text("publicKey"));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private Path fileOf(PublicKey key) {
        return folder.path().resolve(FileNames.compromised(digest(key)));
    }

    private static String digest(PublicKey key) {
        return FileNames.sha256(key.getEncoded());
    }
}
