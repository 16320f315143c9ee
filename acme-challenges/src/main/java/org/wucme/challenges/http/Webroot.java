package org.wucme.challenges.http;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wucme.acme.AcmeProtocolException;
import org.wucme.acme.Identifier;
import org.wucme.acme.challenge.AccountIdentity;
import org.wucme.acme.challenge.Challenge;
import org.wucme.acme.challenge.ChallengeSolver;
import org.wucme.acme.challenge.Http01;
import org.wucme.acme.challenge.KeyAuthorization;
import org.wucme.acme.challenge.Presented;

/**
 * Answers http-01 challenges (RFC 8555 section 8.3) by files below the root folder of a web server that runs already. All
 * names that are presented must be served from that root.
 *
 * <p>A file appears complete, readable by everyone, and is removed when its presentation is closed, as are the folders
 * made for it once they are empty. Thread-safe; several processes may use one root.
 */
public final class Webroot implements ChallengeSolver {

    private static final Logger LOG = LoggerFactory.getLogger(Webroot.class);
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9_-]+");
    private static final String FILE_MODE = "rw-r--r--";
    private static final String FOLDER_MODE = "rwxr-xr-x";
    private static final int ATTEMPTS = 100;
    private static final int LONGEST_ANSWER = 4096;

    private final Path root;
    private final Path wellKnown;
    private final Path folder;
    private final Set<Path> made = ConcurrentHashMap.newKeySet();
    private final Map<String, TokenFile> files = new ConcurrentHashMap<>();

    /** With the folder that the web server shows as {@code /}; it is looked at when a challenge is presented. */
    public Webroot(Path root) {
        this.root = root.toAbsolutePath();
        this.wellKnown = this.root.resolve(".well-known");
        this.folder = wellKnown.resolve("acme-challenge");
    }

    @Override
    public boolean canSolve(Challenge challenge, Identifier identifier) {
        return challenge instanceof Http01 && !identifier.isWildcard();
    }

    /**
     * Writes the file.
     *
     * @throws AcmeProtocolException if the token is not one that RFC 8555 allows
     * @throws IOException if the root is missing, or the file cannot be written; the message says which and where
     */
    @Override
    public Presented present(Challenge challenge, Identifier identifier, AccountIdentity account) throws IOException {
        Http01 http01 = Http01Responder.http01(challenge);
        String token = http01.token();
        if (!TOKEN.matcher(token).matches()) {
            throw new AcmeProtocolException("the CA sent an http-01 token for " + identifier
                    + " with characters that RFC 8555 does not allow; no file was written");
        }
        while (true) {
            TokenFile file = files.computeIfAbsent(token, TokenFile::new);
            if (file.enter(http01.keyAuthorization(account))) {
                LOG.info("wrote http-01 answer for {} below {}", identifier, root);
                return new Written(file);
            }
        }
    }

    /**
     * The answer that any process presents by this webroot now, for a server that shows no other files.
     *
     * @param token from a request: anything at all
     * @throws IOException if the file is there and cannot be read
     */
    Optional<String> find(String token) throws IOException {
        Path file = TOKEN.matcher(token).matches() ? folder.resolve(token) : root;
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty();
        }
        try (InputStream in = Files.newInputStream(file)) {
            return Optional.of(new String(in.readNBytes(LONGEST_ANSWER), StandardCharsets.US_ASCII));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private void write(Path target, KeyAuthorization answer) throws IOException {
        try {
            requireRoot();
            writeDespiteCleaners(target, answer);
        } catch (AccessDeniedException e) {
            throw new IOException(
                    "no permission to write " + e.getFile() + ": let this user write below the webroot", e);
        }
    }

    private void requireRoot() throws IOException {
        if (!Files.isDirectory(root)) {
            throw new IOException("the webroot " + root
                    + (Files.exists(root) ? " is not a folder" : " does not exist")
                    + ": give the folder that the web server shows as /");
        }
    }

    /** Another presentation, or another process, may remove the empty folder just before the file is created. */
    private void writeDespiteCleaners(Path target, KeyAuthorization answer) throws IOException {
        for (int attempt = 1; ; attempt++) {
            try {
                makeFolder(wellKnown);
                makeFolder(folder);
                writeAtomically(target, answer);
                return;
            } catch (NoSuchFileException e) {
                if (attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    private void makeFolder(Path path) throws IOException {
        try {
            Files.createDirectory(path);
        } catch (FileAlreadyExistsException e) {
            requireFolder(path);
            return;
        }
        made.add(path);
        setMode(path, FOLDER_MODE);
    }

    // One look only: between two, another presentation may remove the folder. A folder that is gone is made by the
    // next try.
    private static void requireFolder(Path path) throws IOException {
        if (!Files.readAttributes(path, BasicFileAttributes.class).isDirectory()) {
            throw new IOException(path + " is in the way: it must be a folder");
        }
    }

    private void writeAtomically(Path target, KeyAuthorization answer) throws IOException {
        Path temporary = Files.createTempFile(folder, ".wucme-", ".tmp");
        try {
            Files.write(temporary, answer.value().getBytes(StandardCharsets.US_ASCII));
            setMode(temporary, FILE_MODE);
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    /** Set after creation, because what is asked for at creation is cut by the process's umask. */
    private static void setMode(Path path, String mode) throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(path, PosixFileAttributeView.class);
        if (view != null) {
            view.setPermissions(PosixFilePermissions.fromString(mode));
        }
    }

    private void removeFolders() throws IOException {
        for (Path path : new Path[] {folder, wellKnown}) {
            if (!made.contains(path) || !removeIfEmpty(path)) {
                return;
            }
        }
    }

    private static boolean removeIfEmpty(Path path) throws IOException {
        try {
            Files.deleteIfExists(path);
            return true;
        } catch (DirectoryNotEmptyException e) {
            return false;
        }
    }

    /**
     * One file and how many presentations need it. Those of one token take turns, file access included: a file must not
     * be removed after another presentation wrote it. Different tokens don't wait for each other.
     */
    private final class TokenFile {

        private final String token;
        private int users;
        private boolean left;

        TokenFile(String token) {
            this.token = token;
        }

        /** Writes the file; false if the last user has left, so that a new object must take over. */
        synchronized boolean enter(KeyAuthorization answer) throws IOException {
            if (left) {
                return false;
            }
            users++;
            try {
                write(folder.resolve(token), answer);
                return true;
            } catch (IOException | RuntimeException e) {
                abandon(e);
                throw e;
            }
        }

        private void abandon(Exception cause) {
            try {
                leave();
            } catch (IOException e) {
                cause.addSuppressed(e);
            }
        }

        synchronized void leave() throws IOException {
            users--;
            if (users > 0) {
                return;
            }
            left = true;
            try {
                Files.deleteIfExists(folder.resolve(token));
                removeFolders();
            } finally {
                // Last, so that whoever comes next for this token waits until the old file is gone.
                files.remove(token, this);
            }
        }
    }

    private static final class Written implements Presented {

        private final TokenFile file;
        private final AtomicBoolean done = new AtomicBoolean();

        Written(TokenFile file) {
            this.file = file;
        }

        @Override
        public void close() throws IOException {
            if (done.compareAndSet(false, true)) {
                file.leave();
            }
        }
    }
}
