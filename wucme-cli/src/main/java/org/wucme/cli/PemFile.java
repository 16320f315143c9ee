package org.wucme.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import org.wucme.acme.pki.Pem;
import org.wucme.acme.pki.PemException;

/**
 * A file of certificates that the user named.
 *
 * @param text all that is in it
 * @param certificates at least one
 */
record PemFile(String text, List<X509Certificate> certificates) {

    /**
     * Reads a file.
     *
     * @throws IOException if it cannot be read, or holds no certificate; the message names it
     */
    static PemFile read(Path path) throws IOException {
        if (Files.isDirectory(path)) {
            throw new IOException(path + " is a folder, not a file");
        }
        // PEM is ASCII; what stands around it may be in any character set, and never fails here.
        String text = new String(Files.readAllBytes(path), StandardCharsets.ISO_8859_1);
        try {
            List<X509Certificate> certificates = Pem.certificates(text);
            if (certificates.isEmpty()) {
                throw new IOException(path + " holds no certificate in PEM form");
            }
            return new PemFile(text, certificates);
        } catch (PemException e) {
            throw new IOException(path + ": " + e.getMessage(), e);
        }
    }

    /** Says nothing of what is in it: that may be a private key. */
    @Override
    public String toString() {
        return "PemFile[" + certificates.size() + " certificates]";
    }
}
