package org.wucme.store.file;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
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
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            Certificate[] chain = export.chain().certificates().toArray(Certificate[]::new);
            store.setKeyEntry(
                    export.name().toLowerCase(Locale.ROOT), export.keyPair().getPrivate(), password, chain);
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            store.store(bytes, password);
            return bytes.toByteArray();
        } catch (GeneralSecurityException e) {
            throw new StoreException("the keystore cannot be made: " + e.getMessage(), e);
        }
    }

    private boolean isThere(CertificateExport export, char[] password) throws IOException {
        KeyStore store = open(password);
        try {
            String alias = store.size() == 1 ? store.aliases().nextElement() : "";
            Key key = store.getKey(alias, password);
            Certificate[] certificates = store.getCertificateChain(alias);
            if (key == null || certificates == null) {
                throw new StoreException(
                        file + " holds something else than one certificate with its key, so it is not from"
                                + " an earlier export, and left alone: move it away");
            }
            CertificateChain chain = new CertificateChain(
                    Arrays.stream(certificates).map(X509Certificate.class::cast).toList());
            export.requireReplaces(chain, file);
            byte[] encoded = export.keyPair().getPrivate().getEncoded();
            return chain.equals(export.chain()) && Arrays.equals(key.getEncoded(), encoded);
        } catch (GeneralSecurityException e) {
            throw notOpened(e);
        }
    }

    private KeyStore open(char[] password) throws IOException {
        ByteArrayInputStream bytes = new ByteArrayInputStream(folder.bytes(file));
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(bytes, password);
            return store;
        } catch (GeneralSecurityException | IOException e) {
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
