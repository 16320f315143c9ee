package org.wucme.store.file;

import java.io.IOException;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.util.Collections;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wucme.acme.Identifier;
import org.wucme.acme.internal.text.Trace;
import org.wucme.acme.pki.CertificateChain;
import org.wucme.store.StoreException;
import org.wucme.store.StoredCertificate;

/**
 * Copies of a stored certificate and its key in other forms, for servers that do not read the store's files.
 *
 * <p>They are made as a store makes its files: only the owner can read them, from their first moment; they are complete, and
 * on the disk, before they take the place of older ones in one step; and what is there and is no earlier export of the same
 * certificate is reported and left alone. Several processes may export to one place.
 *
 * <p>Root exports only into folders that no other user can change, nor any folder on the way to them: that user could read or
 * exchange the key.
 */
public final class CertificateExport {

    private static final Logger LOG = LoggerFactory.getLogger(CertificateExport.class);
    private static final String LOCK = ".wucme.lck";
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final CertificateChain chain;
    private final KeyPair keyPair;
    private final String name;

    private CertificateExport(StoredCertificate certificate, CertificateChain chain, KeyPair keyPair) {
        this.name = certificate.name();
        this.chain = chain;
        this.keyPair = keyPair;
    }

    /**
     * Of a certificate.
     *
     * @throws StoreException if the store does not hold it, or not its key
     */
    public static CertificateExport of(StoredCertificate certificate) throws StoreException {
        CertificateChain chain = certificate.chain();
        KeyPair keyPair = certificate.keyPair();
        if (chain == null || keyPair == null) {
            String problem = certificate.problem();
            String missing = chain == null ? "there is no certificate" : "there is no private key of the certificate";
            throw new StoreException(problem == null ? missing + " in " + certificate.location() : problem);
        }
        return new CertificateExport(certificate, chain, keyPair);
    }

    /**
     * As PEM files in a folder, which is made if need be: {@code cert.pem}, {@code chain.pem} (without the certificate),
     * {@code fullchain.pem} (with it) and {@code privkey.pem}.
     *
     * <p>These four are symbolic links through one that is replaced in one step: whatever happens, they lead to files of one
     * export. A reader that opens two of them one after the other may meet that very moment, and read one from before and one
     * from after it; it can look whether they belong together, or be told to read when the export is done.
     *
     * @return whether there was something to do
     * @throws StoreException if something else is in the way, or this is root and another user can change the folder
     */
    public boolean toPem(Path folder) throws IOException {
        return alone(folder, place -> new PemFiles(place).write(this));
    }

    /**
     * As a PKCS#12 keystore with this one entry, encrypted by AES-256 with a MAC by SHA-256, in a folder that is made if
     * need be.
     *
     * @param password for the keystore and the key in it; the caller's to wipe
     * @return whether there was something to do
     * @throws IllegalArgumentException if the password is empty
     * @throws StoreException if something else is in the way, or this is root and another user can change the folder
     */
    public boolean toPkcs12(Path file, char[] password) throws IOException {
        if (password.length == 0) {
            throw new IllegalArgumentException("a keystore needs a password");
        }
        Path absolute = file.toAbsolutePath();
        Path parent = absolute.getParent();
        if (parent == null) {
            throw new StoreException(file + " cannot be a file");
        }
        return alone(parent, place -> new Pkcs12File(place, absolute).write(this, password));
    }

    private static boolean alone(Path path, Export export) throws IOException {
        Folder folder = new Folder(Folder.create(path));
        try (LockFile.Held lock = lock(folder)) {
            return export.writeTo(folder);
        }
    }

    // Where there are no locks, each step is still atomic, and rarely do two processes export the same.
    private static LockFile.@Nullable Held lock(Folder folder) throws IOException {
        try {
            return LockFile.acquire(folder, folder.path().resolve(LOCK), LockFile.FIRST, PATIENCE)
                    .orElseThrow(() -> new StoreException("another process has exported to " + folder.path() + " for "
                            + PATIENCE.toSeconds() + " seconds: look whether one hangs, and end it"));
        } catch (NoLocksException e) {
            LOG.debug("exporting to {} without a lock", folder.path(), Trace.of(e));
            return null;
        }
    }

    private interface Export {
        boolean writeTo(Folder folder) throws IOException;
    }

    /** What the store calls it. */
    String name() {
        return name;
    }

    CertificateChain chain() {
        return chain;
    }

    KeyPair keyPair() {
        return keyPair;
    }

    /** Fails if an export is of another certificate: each would undo the other's for ever. */
    void requireReplaces(CertificateChain old, Path place) throws StoreException {
        Set<Identifier> before = old.identifiers();
        Set<Identifier> now = chain.identifiers();
        if (Collections.disjoint(before, now) && !before.equals(now)) {
            throw new StoreException(place + " is the export of another certificate, for " + before
                    + ": give each a place of its own, or move that one away");
        }
    }

    /** Without the key. */
    @Override
    public String toString() {
        return "CertificateExport[" + name + "]";
    }
}
