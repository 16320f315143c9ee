package org.wucme.store.file;

import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.wucme.acme.pki.CertificateChain;
import org.wucme.acme.pki.KeyPairs;
import org.wucme.acme.pki.Pem;
import org.wucme.store.RenewalRecord;
import org.wucme.store.StoreException;
import org.wucme.store.StoredCertificate;

/**
 * The files of one certificate as a save left them, which the digest in the record proves: they are of one save, and that
 * save found that key and certificate belong together. So nothing needs to be compared, and each part is parsed when it is
 * asked for.
 */
final class Sealed implements StoredCertificate.Parts {

    private static final Pattern PRIVATE_KEY =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]*PRIVATE KEY)-----.*?-----END \\1-----\\s*", Pattern.DOTALL);

    private final Path certificateFile;
    private final Path renewalFile;
    private final String digest;
    private final Lazy<CertificateChain> chain;
    private final Lazy<KeyPair> keyPair;
    private final Lazy<RenewalJson> renewal;

    private Sealed(Folder folder, CertificateFiles files, String certificateText, String renewalText) {
        certificateFile = files.certificate();
        renewalFile = files.renewal();
        digest = Contents.digest(renewalText);
        chain = new Lazy<>(() -> new CertificateChain(Pem.certificates(certificateText)));
        keyPair = new Lazy<>(() -> KeyPairs.read(certificateText));
        renewal = new Lazy<>(() -> RenewalJson.parse(renewalText, folder::ca));
    }

    /** Reads the files; empty if they are not just as a save left them, and must be looked at more closely. */
    static Optional<Sealed> read(Folder folder, CertificateFiles files) {
        return read(folder, files, certificate -> certificate);
    }

    private static Optional<Sealed> read(Folder folder, CertificateFiles files, UnaryOperator<String> kept) {
        try {
            String certificate = folder.read(files.certificate()).orElse("");
            String renewal = folder.read(files.renewal()).orElse("");
            if (!renewal.contains(Contents.digest(certificate))) {
                return Optional.empty();
            }
            boolean keyFileAgrees =
                    certificate.contains(folder.read(files.key()).orElse(""));
            return keyFileAgrees
                    ? Optional.of(new Sealed(folder, files, kept.apply(certificate), renewal))
                    : Optional.empty();
        } catch (StoreException e) {
            return Optional.empty();
        }
    }

    /** As {@link #read}, but without the key. */
    static Optional<Sealed> readWithoutKey(Folder folder, CertificateFiles files) {
        return read(
                folder, files, certificate -> PRIVATE_KEY.matcher(certificate).replaceAll(""));
    }

    @Override
    public @Nullable CertificateChain chain() {
        return chain.value();
    }

    @Override
    public @Nullable KeyPair keyPair() {
        return keyPair.value();
    }

    @Override
    public @Nullable RenewalRecord renewal() {
        RenewalJson json = renewal.value();
        return json == null ? null : json.record();
    }

    @Override
    public @Nullable Instant notBefore() {
        Seal seal = seal();
        return seal == null ? StoredCertificate.Parts.super.notBefore() : seal.notBefore();
    }

    @Override
    public @Nullable Instant notAfter() {
        Seal seal = seal();
        return seal == null ? StoredCertificate.Parts.super.notAfter() : seal.notAfter();
    }

    /** Of all that is in the files: the record has the digest of the certificate file. */
    String digest() {
        return digest;
    }

    /** What the record says of the certificate; null if it does not say it all. */
    private @Nullable Seal seal() {
        RenewalJson json = renewal.value();
        Seal seal = json == null ? Seal.NONE : json.seal();
        return seal.notBefore() == null || seal.notAfter() == null ? null : seal;
    }

    /** Without parsing what the save has read back, or was given. */
    @Override
    public @Nullable String problem() {
        Exception inCertificate = seal() == null ? chain.failure() : null;
        if (inCertificate != null) {
            return Contents.notUnderstood(certificateFile, inCertificate);
        }
        Exception inRenewal = renewal.failure();
        return inRenewal == null ? null : Contents.notUnderstood(renewalFile, inRenewal);
    }

    /** Made once, when it is asked for. */
    private static final class Lazy<T> {

        private @Nullable Callable<T> maker;
        private @Nullable T value;
        private @Nullable Exception failure;

        Lazy(Callable<T> maker) {
            this.maker = maker;
        }

        /** Null if it could not be made. */
        synchronized @Nullable T value() {
            make();
            return value;
        }

        /** Why it could not be made; null if it could. */
        synchronized @Nullable Exception failure() {
            make();
            return failure;
        }

        private void make() {
            if (maker == null) {
                return;
            }
            try {
                value = maker.call();
            } catch (Exception e) {
                failure = e;
            }
            // And with it the text.
            maker = null;
        }
    }
}
