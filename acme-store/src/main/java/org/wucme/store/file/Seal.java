package org.wucme.store.file;

import java.security.cert.X509Certificate;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.wucme.acme.pki.CertificateChain;
import org.wucme.store.RecordJson;

/**
 * What a record says of the certificate it was written with, so that planning need not parse ten thousand of them.
 *
 * @param certificate fingerprint of the certificate; null if there was none
 * @param digest of the certificate file, whose key was found to belong to its certificate; null if that was not found
 * @param notBefore from when on the certificate is valid; null if there was none
 * @param notAfter until when; null if there was none
 */
record Seal(
        @Nullable String certificate,
        @Nullable String digest,
        @Nullable Instant notBefore,
        @Nullable Instant notAfter) {

    static final Seal NONE = new Seal(null, null, null, null);

    /** Reads the members that {@link #addTo} wrote. */
    static Seal of(RecordJson json) {
        return new Seal(
                json.text("certificate"),
                json.text("certificateFile"),
                json.instant("notBefore"),
                json.instant("notAfter"));
    }

    RecordJson addTo(RecordJson json) {
        return json.with("certificate", certificate)
                .with("certificateFile", digest)
                .with("notBefore", notBefore == null ? null : notBefore.toString())
                .with("notAfter", notAfter == null ? null : notAfter.toString());
    }

    static Seal of(@Nullable CertificateChain chain, @Nullable String digest) {
        if (chain == null) {
            return NONE;
        }
        X509Certificate leaf = chain.leaf();
        return new Seal(
                Contents.fingerprint(leaf),
                digest,
                leaf.getNotBefore().toInstant(),
                leaf.getNotAfter().toInstant());
    }
}
