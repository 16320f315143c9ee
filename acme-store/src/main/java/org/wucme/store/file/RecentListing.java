package org.wucme.store.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is in a folder, without listing it more often than needed: a folder of ten thousand certificates is asked for each of
 * them. Thread-safe.
 *
 * @see Folder#list
 */
final class RecentListing {

    // File systems tell time in steps; a change within the step in which a listing was taken would not be seen.
    private static final Duration STEP = Duration.ofSeconds(2);

    private final Folder folder;
    private volatile Map<String, List<Path>> inOtherSpelling = Map.of();
    private volatile @Nullable Certificates last;
    private volatile @Nullable All lastListing;

    RecentListing(Folder folder) {
        this.folder = folder;
    }

    /** All files there are now. */
    Listing all() throws IOException {
        Listing listing = folder.list();
        inOtherSpelling = listing.inOtherSpelling();
        return listing;
    }

    /** What there is now of one certificate, or else all files; without a certificate file, always all files. */
    Listing ofCertificate(String name) throws IOException {
        return of(FileNames.certificate(name), FileNames.key(name), FileNames.renewal(name), FileNames.nextKey(name));
    }

    /** What there is now of one account, or else all files; without a key file, always all files. */
    Listing ofAccount(String name) throws IOException {
        return of(FileNames.key(name), FileNames.renewal(name), FileNames.nextKey(name));
    }

    // The first file tells: where it is missing, something happened that is seen only among all files.
    private Listing of(String first, String... others) throws IOException {
        List<Path> found = new ArrayList<>(spellingsOf(first));
        if (found.isEmpty()) {
            return all();
        }
        for (String fileName : others) {
            found.addAll(spellingsOf(fileName));
        }
        return new Listing(folder.path(), found);
    }

    // In upper case, as a save writes it; in lower case, as copies from OpenVMS often are; else as when all were listed
    // last.
    private List<Path> spellingsOf(String fileName) throws IOException {
        List<Path> known = inOtherSpelling.get(fileName);
        Path usual = folder.path().resolve(fileName);
        Path copy = folder.path().resolve(fileName.toLowerCase(Locale.ROOT));
        List<Path> found = (known == null ? Stream.of(usual, copy) : known.stream())
                .filter(file -> Files.exists(file, LinkOption.NOFOLLOW_LINKS))
                .toList();
        boolean isOneFile = known == null && found.size() > 1 && !isCaseSensitive(usual, copy);
        return isOneFile ? List.of(usual) : found;
    }

    private static boolean isCaseSensitive(Path one, Path other) throws IOException {
        // What a link leads to does not tell.
        return !one.toRealPath(LinkOption.NOFOLLOW_LINKS).equals(other.toRealPath(LinkOption.NOFOLLOW_LINKS));
    }

    /**
     * All files there are now: listed anew only when the folder's times say that files came, went, or were renamed.
     */
    Listing listing() throws IOException {
        boolean isSettled = isSettled(folder.path());
        String version = Folder.version(folder.path()).orElse("");
        All known = lastListing;
        if (known != null && known.version.equals(version)) {
            return known.listing;
        }
        Listing listing = all();
        lastListing = isSettled ? new All(version, listing) : null;
        return listing;
    }

    /** Whether a file or folder was changed so long ago that its times tell of every change to come; true if there is none. */
    static boolean isSettled(Path file) throws IOException {
        try {
            return Files.getLastModifiedTime(file).toInstant().plus(STEP).isBefore(Instant.now());
        } catch (NoSuchFileException e) {
            return true;
        }
    }

    /**
     * The certificate files there are now, by the names of the certificates: listed anew only when the folder's times
     * say that files came, went, or were renamed.
     */
    Map<String, Path> certificates() throws IOException {
        FileTime modified = folder.lastModified();
        // Programs that copy folders set the time of modification, too.
        String version = Folder.version(folder.path()).orElse("");
        Certificates known = last;
        if (known != null && known.version.equals(version)) {
            return known.files;
        }
        boolean isSettled = modified.toInstant().plus(STEP).isBefore(Instant.now());
        Map<String, Path> files = all().certificates();
        last = isSettled ? new Certificates(version, files) : null;
        return files;
    }

    private record Certificates(String version, Map<String, Path> files) {}

    private record All(String version, Listing listing) {}
}
