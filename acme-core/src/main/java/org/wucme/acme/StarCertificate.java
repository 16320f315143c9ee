package org.wucme.acme;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.wucme.acme.pki.CertificateChain;

/**
 * A certificate that its CA renews by itself, as it stood when it was fetched (STAR, RFC 8739 section 3.3). Immutable.
 *
 * @param chain the certificate and the chain to its root
 * @param notBefore when it begins to be valid, as the CA says beside it ({@code Cert-Not-Before}); null if it does not
 * @param notAfter when it ends to be valid, as the CA says beside it ({@code Cert-Not-After}): the next one is there before;
 *     null if it does not
 */
public record StarCertificate(
        CertificateChain chain,
        @Nullable Instant notBefore,
        @Nullable Instant notAfter) {}
