package org.wucme.store.file;

import java.io.IOException;
import java.nio.CharBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Locale;
import org.wucme.acme.pki.CertificateChain;
import org.wucme.store.StoreException;

/** A keystore with one certificate and its key. The caller holds the lock. */
final class Pkcs12File {

    private final Folder folder;
    private final Path file;

    /**
     * In a folder.
     *
     * @throws StoreException if this is a symbolic link to nothing
     */
    Pkcs12File(Folder folder, Path file) throws StoreException {
        this.folder = folder;
        this.file = Folder.target(file);
    }

    /** Writes an export, unless it is there. */
    boolean write(CertificateExport export, char[] password) throws IOException {
        if (Files.exists(file) && isThere(export, password)) {
            return false;
        }
        folder.put(file, encode(export, password));
        return true;
    }

    private static byte[] encode(CertificateExport export, char[] password) throws IOException {
        if (!isReadableByJava(password)) {
            throw new StoreException(
                    "the keystore cannot be made: Java opens keystores only with passwords of ASCII characters");
        }
        try {
            return Pkcs12.encode(
                    export.name().toLowerCase(Locale.ROOT),
                    export.keyPair().getPrivate(),
                    export.chain().certificates(),
                    password);
        } catch (GeneralSecurityException e) {
            throw new StoreException("the keystore cannot be made: " + e.getMessage(), e);
        }
    }

    private static boolean isReadableByJava(char[] password) {
        return CharBuffer.wrap(password).chars().allMatch(character -> character >= ' ' && character <= '~');
    }

    private boolean isThere(CertificateExport export, char[] password) throws IOException {
        Pkcs12 store = open(password);
        if (store.keys().size() != 1 || store.certificates().isEmpty()) {
            throw new StoreException(file + " holds something else than one certificate with its key, so it is not from"
                    + " an earlier export, and left alone: move it away");
        }
        CertificateChain chain = new CertificateChain(store.certificates());
        export.requireReplaces(chain, file);
        return chain.equals(export.chain())
                && Arrays.equals(
                        store.keys().get(0), export.keyPair().getPrivate().getEncoded());
    }

    private Pkcs12 open(char[] password) throws IOException {
        byte[] bytes = folder.bytes(file);
        try {
            return Pkcs12.decode(bytes, password);
        } catch (IOException e) {
            throw notOpened(e);
        }
    }

    private StoreException notOpened(Exception cause) {
        return new StoreException(
                file
                        + " cannot be opened as a keystore with this password, and is left alone: give the password that it"
                        + " has, or move it away",
                cause);
    }
}
