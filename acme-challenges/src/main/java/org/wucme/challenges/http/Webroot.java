package org.wucme.challenges.http;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
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
import org.wucme.acme.internal.files.OpenFolder;
import org.wucme.acme.internal.text.Trace;

/**
 * Answers http-01 challenges (RFC 8555 section 8.3) by files below the root folder of a web server that runs already. All
 * names that are presented must be served from that root.
 *
 * <p>A file appears complete, readable by everyone, and is removed when its presentation is closed, as are the folders
 * made for it once they are empty. Thread-safe; several processes may use one root.
 *
 * <p>The root may belong to another user than this process, even if that is root: nothing is written outside of it, whatever
 * its owner does meanwhile. For that reason symbolic links are followed only where none but root and this user can change
 * them.
 */
public final class Webroot implements ChallengeSolver {

    private static final Logger LOG = LoggerFactory.getLogger(Webroot.class);
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9_-]+");
    private static final String WELL_KNOWN = ".well-known";
    private static final String ACME_CHALLENGE = "acme-challenge";
    private static final String FILE_MODE = "rw-r--r--";
    private static final String FOLDER_MODE = "rwxr-xr-x";
    private static final int ATTEMPTS = 100;
    private static final int LONGEST_ANSWER = 4096;

    private final Path root;
    private final Path wellKnown;
    private final Path folder;
    private final Set<Path> made = ConcurrentHashMap.newKeySet();
    private final Map<String, TokenFile> files = new ConcurrentHashMap<>();

    /**
     * With the folder that the web server shows as {@code /}; it is looked at by {@link #check}, and when a challenge is
     * presented. The folder {@code .well-known} in it, or {@code .well-known/acme-challenge}, stands for the same.
     */
    public Webroot(Path root) {
        this.root = rootOf(withoutDots(root.toAbsolutePath()));
        this.wellKnown = this.root.resolve(WELL_KNOWN);
        this.folder = wellKnown.resolve(ACME_CHALLENGE);
    }

    // Not "..", which may lead elsewhere behind a symbolic link.
    private static Path withoutDots(Path path) {
        Path plain = Objects.requireNonNull(path.getRoot());
        for (Path name : path) {
            plain = name.toString().equals(".") ? plain : plain.resolve(name);
        }
        return plain;
    }

    private static Path rootOf(Path given) {
        Path parent = given.getParent();
        if (parent != null && (given.endsWith(WELL_KNOWN) || given.endsWith(WELL_KNOWN + "/" + ACME_CHALLENGE))) {
            return rootOf(parent);
        }
        return given;
    }

    @Override
    public boolean canSolve(Challenge challenge, Identifier identifier) {
        return challenge instanceof Http01 && !identifier.isWildcard();
    }

    /**
     * Writes a file as for a challenge, and removes it again, with the folders made for it.
     *
     * @throws IOException as {@link #present}
     */
    @Override
    public void check(List<Identifier> identifiers) throws IOException {
        TokenFile probe = new TokenFile("check-" + UUID.randomUUID());
        probe.enter(KeyAuthorization.of(probe.token, "of-no-account"));
        probe.leave();
    }

    @Override
    public String settings() {
        return Http01.TYPE + " below " + root;
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
        if (!TOKEN.matcher(token).matches()) {
            return Optional.empty();
        }
        try (OpenFolder open = OpenFolder.open(folder)) {
            return open.read(token, LONGEST_ANSWER)
                    .map(bytes -> new String(bytes, StandardCharsets.US_ASCII))
                    .filter(text -> isAnswer(token, text));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    // Other text may be from a file that is not for everyone, and was linked here.
    private static boolean isAnswer(String token, String text) {
        return text.startsWith(token + ".")
                && TOKEN.matcher(text.substring(token.length() + 1)).matches();
    }

    private void write(String token, KeyAuthorization answer) throws IOException {
        try {
            writeDespiteCleaners(token, answer);
        } catch (AccessDeniedException e) {
            throw new IOException(
                    "no permission to write " + e.getFile() + ": let this user write below the webroot", e);
        }
    }

    /** Another presentation, or another process, may remove the empty folder just before the file is created. */
    private void writeDespiteCleaners(String token, KeyAuthorization answer) throws IOException {
        for (int attempt = 1; ; attempt++) {
            try (OpenFolder top = openRoot();
                    OpenFolder middle = makeFolder(top, WELL_KNOWN, wellKnown);
                    OpenFolder open = makeFolder(middle, ACME_CHALLENGE, folder)) {
                open.put(token, answer.value().getBytes(StandardCharsets.US_ASCII), FILE_MODE);
                return;
            } catch (NoSuchFileException e) {
                if (attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    private OpenFolder openRoot() throws IOException {
        try {
            return OpenFolder.open(root);
        } catch (NoSuchFileException e) {
            throw new IOException(notUsable("does not exist"), e);
        } catch (NotDirectoryException e) {
            throw new IOException(notUsable("is not a folder"), e);
        }
    }

    private String notUsable(String reason) {
        return "the webroot " + root + " " + reason + ": give the folder that the web server shows as /";
    }

    private OpenFolder makeFolder(OpenFolder parent, String name, Path path) throws IOException {
        if (parent.create(name, FOLDER_MODE)) {
            made.add(path);
        }
        try {
            return parent.folder(name);
        } catch (NotDirectoryException e) {
            throw new IOException(path + " is in the way: it must be a folder", e);
        }
    }

    private void remove(String token) throws IOException {
        try (OpenFolder open = OpenFolder.open(folder)) {
            open.remove(token);
        } catch (NoSuchFileException e) {
            LOG.debug("another process removed {}", folder, Trace.of(e));
        }
    }

    private void removeFolders() throws IOException {
        if (removeIfEmpty(wellKnown, ACME_CHALLENGE)) {
            removeIfEmpty(root, WELL_KNOWN);
        }
    }

    private boolean removeIfEmpty(Path parent, String name) throws IOException {
        if (!made.contains(parent.resolve(name))) {
            return false;
        }
        try (OpenFolder open = OpenFolder.open(parent)) {
            return open.remove(name);
        } catch (NoSuchFileException e) {
            return true;
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
                write(token, answer);
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
                remove(token);
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
