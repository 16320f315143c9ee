package org.wucme.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.util.List;
import okhttp3.tls.HandshakeCertificates;
import org.wucme.acme.pki.KeyPairs;
import org.wucme.acme.pki.Pem;

/**
 * What both contenders are given. Handed to the processes that they run in by a folder with two files.
 *
 * @param directoryUrl where the CA's directory is
 * @param tlsRoot what to trust the CA's server by
 * @param accountKey the account's key, the same for both, so that one responder can answer for both
 */
record Setting(String directoryUrl, X509Certificate tlsRoot, KeyPair accountKey) {

    private static final String ROOT = "root.pem";
    private static final String KEY = "account.pem";

    /** What to trust, once per process. */
    HandshakeCertificates trust() {
        return new HandshakeCertificates.Builder()
                .addTrustedCertificate(tlsRoot)
                .build();
    }

    /** Writes the files. */
    void save(Path folder) throws IOException {
        Files.writeString(folder.resolve(ROOT), Pem.encode(List.of(tlsRoot)));
        Files.writeString(folder.resolve(KEY), Pem.encode(accountKey.getPrivate()));
    }

    /** Reads what {@link #save} wrote. */
    static Setting load(String directoryUrl, Path folder) throws IOException {
        return new Setting(
                directoryUrl,
                Pem.certificates(Files.readString(folder.resolve(ROOT))).get(0),
                KeyPairs.read(Files.readString(folder.resolve(KEY))));
    }
}
