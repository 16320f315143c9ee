package org.wucme.store.file;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.wucme.acme.internal.jca.PlatformKeys;
import org.wucme.acme.internal.text.OneLine;
import org.wucme.acme.pki.CertificateChain;
import org.wucme.acme.pki.ChainAssembly;
import org.wucme.acme.pki.KeyPairs;
import org.wucme.acme.pki.Pem;
import org.wucme.acme.pki.PemException;
import org.wucme.store.RenewalRecord;
import org.wucme.store.StoreException;

/**
 * What stands in the files of one certificate, as far as it is understood.
 *
 * @param text of the certificate file; null if there is none, or it cannot be read
 * @param chain null if there is none, or it is not understood
 * @param keyPair the key that belongs to the certificate; null if there is none
 * @param keyIsAppended whether that key stands in the certificate file
 * @param keyFile what stands in the key file; null if there is none, or it is not understood
 * @param renewal null if there is none, or it is not understood
 * @param problem the first thing that is not understood; null if there is none
 * @param remark what the certificate file should not have, but does no harm; null if there is nothing
 */
record Contents(
        @Nullable String text,
        @Nullable CertificateChain chain,
        @Nullable KeyPair keyPair,
        boolean keyIsAppended,
        @Nullable KeyPair keyFile,
        @Nullable RenewalJson renewal,
        @Nullable String problem,
        @Nullable String remark) {

    private static final String PRIVATE_KEY = "PRIVATE KEY-----";
    private static final int ATTEMPTS = 5;

    /** Without the text and the keys. */
    @Override
    public String toString() {
        return "Contents[renewal=" + renewal + ", problem=" + problem + "]";
    }

    /** Reads the files. Takes no lock, and so reads again when somebody replaces them meanwhile. */
    static Contents read(Folder folder, CertificateFiles files) {
        Contents contents = new Reader(folder, files).read();
        for (int i = 1; contents.problem != null && i < ATTEMPTS; i++) {
            Contents before = contents;
            contents = new Reader(folder, files).read();
            if (Objects.equals(contents.text, before.text)) {
                return contents;
            }
        }
        return contents;
    }

    /** Of all that was understood, and of what was not. */
    String digestOfAll() {
        String key = keyFile == null ? "" : FileNames.sha256(keyFile.getPublic().getEncoded());
        String record = renewal == null ? "" : renewal.json().toText();
        return digest(String.join("\0", String.valueOf(text), key, record, String.valueOf(problem)));
    }

    /** The certificate's SHA-256 in hexadecimal; null if there is none. */
    @Nullable
    String fingerprint() {
        return chain == null ? null : fingerprint(chain.leaf());
    }

    /**
     * What the record says of the certificate in place; null if there is none. What was done with another one, and when
     * that was obtained, does not count: the file may have been put here by hand.
     */
    @Nullable
    RenewalRecord record() {
        if (renewal == null) {
            return null;
        }
        RenewalRecord record = renewal.record();
        return Objects.equals(renewal.certificate(), fingerprint())
                ? record
                : record.withOrigin(record.origin().ofUnknownAge())
                        .withDeployments(record.deployments().undone());
    }

    /** With the digest of the certificate file, if it holds the key that belongs to its certificate. */
    Seal seal() {
        return Seal.of(chain, text != null && keyIsAppended ? digest(text) : null);
    }

    /** The SHA-256 of a file's text in hexadecimal. */
    static String digest(String text) {
        return FileNames.sha256(text.getBytes(StandardCharsets.UTF_8));
    }

    static String fingerprint(X509Certificate certificate) {
        try {
            return FileNames.sha256(certificate.getEncoded());
        } catch (CertificateEncodingException e) {
            throw new IllegalArgumentException("a certificate that cannot be encoded", e);
        }
    }

    static boolean belong(KeyPair keyPair, CertificateChain chain) {
        return same(keyPair.getPublic(), chain.leaf().getPublicKey());
    }

    static boolean same(PublicKey one, PublicKey other) {
        return PlatformKeys.isSame(one, other);
    }

    /**
     * The key in a file; empty if there is no such file.
     *
     * @throws StoreException if something else is in it
     */
    static Optional<KeyPair> readKey(Folder folder, Path file) throws StoreException {
        Optional<String> text = folder.read(file);
        return text.isEmpty() ? Optional.empty() : Optional.of(parseKey(text.get(), file));
    }

    private static KeyPair parseKey(String text, Path file) throws StoreException {
        try {
            return KeyPairs.read(text);
        } catch (PemException e) {
            throw new StoreException(notUnderstood(file, e), e);
        }
    }

    /**
     * The renewal record in a file; empty if there is no such file.
     *
     * @throws StoreException if something else is in it
     */
    static Optional<RenewalJson> readRenewal(Folder folder, Path file) throws StoreException {
        try {
            return folder.read(file).map(text -> RenewalJson.parse(text, folder::ca));
        } catch (IllegalArgumentException e) {
            throw new StoreException(notUnderstood(file, e), e);
        }
    }

    static String notUnderstood(Path file, Exception why) {
        return file + " is not understood, and left alone: " + OneLine.of(String.valueOf(why.getMessage()))
                + "; fix it or move it away";
    }

    /** One reading, part by part; a part that fails leaves the others readable. */
    private static final class Reader {

        private final Folder folder;
        private final CertificateFiles files;
        private @Nullable String text;
        private @Nullable CertificateChain chain;
        private @Nullable KeyPair keyPair;
        private @Nullable KeyPair keyFile;
        private @Nullable RenewalJson renewal;
        private @Nullable String problem;
        private @Nullable String remark;

        Reader(Folder folder, CertificateFiles files) {
            this.folder = folder;
            this.files = files;
        }

        Contents read() {
            attempt(this::readChain);
            attempt(this::readAppendedKey);
            boolean keyIsAppended = keyPair != null;
            attempt(this::readKeyFile);
            if (chain != null && keyPair == null) {
                putInOrder(chain, ChainAssembly.leaves(chain.certificates()));
            }
            attempt(this::readRenewal);
            return new Contents(text, chain, keyPair, keyIsAppended, keyFile, renewal, problem, remark);
        }

        private void attempt(Part part) {
            try {
                part.read();
            } catch (IOException e) {
                problem = problem == null ? e.getMessage() : problem;
            }
        }

        private void readChain() throws IOException {
            text = folder.read(files.certificate()).orElse(null);
            if (text == null) {
                return;
            }
            try {
                List<X509Certificate> certificates = Pem.certificates(text);
                if (certificates.isEmpty()) {
                    throw new PemException("there is no certificate in it", null);
                }
                chain = new CertificateChain(certificates);
            } catch (PemException e) {
                throw new StoreException(notUnderstood(files.certificate(), e), e);
            }
        }

        private void readAppendedKey() throws IOException {
            if (text != null && chain != null && text.contains(PRIVATE_KEY)) {
                keyPair = matching(parseKey(text, files.certificate()), files.certificate(), chain);
            }
        }

        private void readKeyFile() throws IOException {
            String content = folder.read(files.key()).orElse("");
            if (content.isBlank()) {
                return;
            }
            boolean isCopy = keyPair != null && text != null && text.contains(content);
            keyFile = isCopy ? keyPair : parseKey(content, files.key());
            boolean isNeeded = chain != null && keyPair == null && text != null && !text.contains(PRIVATE_KEY);
            if (keyFile != null && chain != null && isNeeded) {
                keyPair = matching(keyFile, files.key(), chain);
            }
        }

        private KeyPair matching(KeyPair candidate, Path file, CertificateChain certificates) throws StoreException {
            List<X509Certificate> ofKey = ChainAssembly.ofKey(candidate.getPublic(), certificates.certificates());
            if (ofKey.isEmpty()) {
                throw new StoreException("the private key in " + file + " does not belong to the certificate in "
                        + files.certificate() + ": bring back the right one, or move both away and issue again");
            }
            putInOrder(certificates, ofKey);
            return candidate;
        }

        /** Of several leaves the first one counts; so does the first certificate if none is one. */
        private void putInOrder(CertificateChain read, List<X509Certificate> leaves) {
            X509Certificate leaf = leaves.contains(read.leaf()) || leaves.isEmpty() ? read.leaf() : leaves.get(0);
            if (!leaf.equals(read.leaf()) || !read.isInOrder()) {
                ChainAssembly assembly = ChainAssembly.above(leaf, read.certificates());
                chain = assembly.chain();
                remark = assembly.remark().orElse(null);
            }
        }

        /** While a save goes on, or after one that was cut short, the new record may still have its temporary name. */
        private void readRenewal() throws IOException {
            renewal = renewalIn(files.renewal());
            if (chain == null || isOf(chain, renewal)) {
                return;
            }
            RenewalJson unfinished = unfinishedRenewal();
            RenewalJson newer = unfinished != null ? unfinished : renewalIn(files.renewal());
            if (isOf(chain, newer)) {
                renewal = newer;
            }
        }

        private static boolean isOf(CertificateChain certificates, @Nullable RenewalJson candidate) {
            return candidate != null && fingerprint(certificates.leaf()).equals(candidate.certificate());
        }

        private @Nullable RenewalJson unfinishedRenewal() {
            try {
                return renewalIn(Folder.temporary(Folder.target(files.renewal())));
            } catch (StoreException e) {
                // Torn: it never was a record.
                return null;
            }
        }

        private @Nullable RenewalJson renewalIn(Path file) throws StoreException {
            return Contents.readRenewal(folder, file).orElse(null);
        }
    }

    private interface Part {
        void read() throws IOException;
    }
}
