package org.wucme.store;

import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateEncodingException;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.wucme.acme.internal.jca.Jca;
import org.wucme.acme.pki.CertificateChain;

/** Versions of parts by their content: the same content has the same version. Pure functions. */
final class PartVersions {

    private PartVersions() {}

    /** Null if there is nothing of this part. */
    static @Nullable String of(StoredCertificate.Parts parts, Part part) {
        RenewalRecord record = parts.renewal();
        if (part == Part.CERTIFICATE) {
            return ofCertificate(parts.chain(), record);
        }
        return record == null ? null : of(record, part);
    }

    static @Nullable String of(RenewalRecord record, Part part) {
        return switch (part) {
            case SPEC -> ofSpec(record);
            case ATTEMPTS -> digest(record.attempts());
            case RENEWAL_INFO -> record.renewalInfo() == null ? null : digest(record.renewalInfo());
            case DEPLOYMENTS -> digest(record.deployments());
            case COMPROMISE -> digest(record.origin().keyCompromised());
            case CERTIFICATE -> null;
        };
    }

    // As it is written: what else is known of a CA than its URL is no difference.
    private static String ofSpec(RenewalRecord record) {
        return digest(RecordJson.of(RenewalRecord.of(record.spec()).withUnmanaged(record.unmanaged()))
                .toText());
    }

    private static @Nullable String ofCertificate(@Nullable CertificateChain chain, @Nullable RenewalRecord record) {
        if (chain == null) {
            return null;
        }
        try {
            Origin origin = record == null ? Origin.UNKNOWN : record.origin();
            String leaf =
                    HexFormat.of().formatHex(Jca.sha256().digest(chain.leaf().getEncoded()));
            return digest(List.of(leaf, String.valueOf(origin.accountUrl()), String.valueOf(origin.obtained())));
        } catch (CertificateEncodingException e) {
            throw new IllegalArgumentException("a certificate that cannot be encoded", e);
        }
    }

    private static String digest(Object content) {
        byte[] text = content.toString().getBytes(StandardCharsets.UTF_8);
        return HexFormat.of().formatHex(Jca.sha256().digest(text), 0, 16);
    }
}
