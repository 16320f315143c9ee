package org.wucme.cli.imports;

import java.security.KeyPair;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.wucme.acme.Identifier;
import org.wucme.acme.pki.CertificateChain;
import org.wucme.acme.pki.ChainPreference;

/**
 * A certificate that another client renews.
 *
 * @param where the path it was found at
 * @param identifiers its names, the one it is known by first
 * @param chain it and those above it
 * @param keyPair its key
 * @param terms how it is renewed
 * @param remark what its file should not have, but does no harm; null if there is nothing
 */
record ForeignCertificate(
        String where,
        List<Identifier> identifiers,
        CertificateChain chain,
        KeyPair keyPair,
        RenewalTerms terms,
        @Nullable String remark) {

    ForeignCertificate {
        identifiers = List.copyOf(identifiers);
    }

    /**
     * How a certificate is renewed.
     *
     * @param directoryUrl the CA's directory
     * @param account where the account that ordered it was found; null if the client does not say
     * @param challengeType how its names are proven; null if the client does not say
     * @param profile the CA's profile; null for its default
     * @param preferredChain which of the CA's chains is taken; null for the CA's choice
     * @param keyReuse whether the key stays
     */
    record RenewalTerms(
            String directoryUrl,
            @Nullable String account,
            @Nullable String challengeType,
            @Nullable String profile,
            @Nullable ChainPreference preferredChain,
            boolean keyReuse) {}

    /** Everything but the key. */
    @Override
    public String toString() {
        return "ForeignCertificate[where=" + where + ", identifiers=" + identifiers + ", terms=" + terms + "]";
    }
}
