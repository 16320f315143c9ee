package org.wucme.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.wucme.acme.pki.ChainAssembly;
import org.wucme.acme.pki.KeyPairs;
import org.wucme.acme.pki.Pem;
import org.wucme.acme.pki.PemException;

/**
 * A file of certificates that the user named.
 *
 * @param path where it is
 * @param text all that is in it
 * @param certificates at least one
 */
record PemFile(Path path, String text, List<X509Certificate> certificates) {

    private static final String NONE = "%s holds no certificate in PEM form";
    private static final int MOST_NAMED = 5;

    /**
     * Reads a file, either all of its certificates or none.
     *
     * @throws IOException if it cannot be read, or holds no certificate; the message names it, and the line
     */
    static PemFile read(Path path) throws IOException {
        String text = text(path);
        try {
            List<X509Certificate> certificates = Pem.certificates(text);
            if (certificates.isEmpty()) {
                throw new IOException(NONE.formatted(path));
            }
            return new PemFile(path, text, certificates);
        } catch (PemException e) {
            throw new IOException(path + ": " + e.getMessage(), e);
        }
    }

    /**
     * The certificates in a file that can be read.
     *
     * @param unreadable receives what is wrong with each of the others, with the file and the line
     * @throws IOException if the file cannot be read, or none of its certificates
     */
    static List<X509Certificate> readable(Path path, Consumer<String> unreadable) throws IOException {
        String text = text(path);
        List<String> faults = new ArrayList<>();
        List<X509Certificate> certificates = Pem.certificates(text, e -> faults.add(path + ": " + e.getMessage()));
        if (certificates.isEmpty()) {
            throw new IOException(faults.isEmpty() ? NONE.formatted(path) : faults.get(0));
        }
        faults.forEach(unreadable);
        return certificates;
    }

    private static String text(Path path) throws IOException {
        if (Files.isDirectory(path)) {
            throw new IOException(path + " is a folder, not a file");
        }
        // PEM is ASCII; what stands around it may be in any character set, and never fails here.
        return new String(Files.readAllBytes(path), StandardCharsets.ISO_8859_1);
    }

    /**
     * The private key in the file.
     *
     * @throws IOException if there is none, or it cannot be read; the message names the file
     */
    KeyPair key() throws IOException {
        try {
            return KeyPairs.read(text);
        } catch (PemException e) {
            throw new IOException(path + ": " + e.getMessage(), e);
        }
    }

    /**
     * The certificate that the file is for, with those above it.
     *
     * @param key that it belongs to; null if that is not known
     * @throws IOException if none or several may be meant
     */
    ChainAssembly chain(@Nullable KeyPair key) throws IOException {
        List<X509Certificate> leaves =
                key == null ? ChainAssembly.leaves(certificates) : ChainAssembly.ofKey(key.getPublic(), certificates);
        if (leaves.isEmpty() && key != null) {
            throw new IOException(path + ": the private key does not belong to a certificate in this file");
        }
        if (leaves.size() != 1) {
            throw new IOException(path + " holds several certificates of which any may be meant (" + names(leaves)
                    + "): copy the one that is meant into a file of its own");
        }
        return ChainAssembly.above(leaves.get(0), certificates);
    }

    private static String names(List<X509Certificate> certificates) {
        return certificates.stream()
                        .limit(MOST_NAMED)
                        .map(one -> one.getSubjectX500Principal().getName() + ", serial number "
                                + one.getSerialNumber().toString(16))
                        .collect(Collectors.joining("; "))
                + (certificates.size() > MOST_NAMED ? "; …" : "");
    }

    /** Says nothing of what is in it: that may be a private key. */
    @Override
    public String toString() {
        return "PemFile[" + path + ", " + certificates.size() + " certificates]";
    }
}
