package org.wucme.acme;

import java.io.IOException;
import java.security.cert.X509Certificate;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wucme.acme.internal.http.HttpReply;
import org.wucme.acme.internal.text.OneLine;
import org.wucme.acme.pki.CertificateChain;
import org.wucme.acme.pki.ChainPreference;

/** Looks for the preferred one among the chains of a certificate, and loses the certificate in no case. */
final class ChainChoice {

    private static final Logger LOG = LoggerFactory.getLogger(ChainChoice.class);

    private static final int MOST_ALTERNATES = 10;

    private final ChainPreference preference;
    private final List<X509Certificate> roots;
    private final Source source;

    /** Where an alternate chain comes from. */
    interface Source {
        CertificateChain download(String url) throws IOException;
    }

    /** Where the other chains of a certificate are (RFC 8555 section 7.4.2): no more than any CA needs. */
    static List<String> alternates(HttpReply reply) {
        return reply.links("alternate").stream().limit(MOST_ALTERNATES).toList();
    }

    ChainChoice(ChainPreference preference, List<X509Certificate> roots, Source source) {
        this.preference = preference;
        this.roots = roots;
        this.source = source;
    }

    CertificateChain among(CertificateChain recommended, List<String> alternates) throws IOException {
        if (preference.matches(recommended, roots)) {
            return recommended;
        }
        Set<String> offered = new LinkedHashSet<>(List.of(issuerOf(recommended)));
        for (String url : alternates) {
            try {
                CertificateChain alternate = source.download(url);
                offered.add(issuerOf(alternate));
                if (preference.matches(alternate, roots)) {
                    requireSameCertificate(recommended, alternate);
                    return alternate;
                }
            } catch (AcmeException e) {
                LOG.info("an alternate chain is passed over: {}", e.getMessage());
            }
        }
        LOG.warn(
                "the CA offers no chain of {}, so that its own choice is taken, of issuer {}; it offers chains of: {}."
                        + " Ask for one of these, or for none",
                preference,
                issuerOf(recommended),
                String.join("; ", offered));
        return recommended;
    }

    private static String issuerOf(CertificateChain chain) {
        return OneLine.of(chain.topmost().getIssuerX500Principal().toString());
    }

    private static void requireSameCertificate(CertificateChain recommended, CertificateChain alternate)
            throws AcmeProtocolException {
        if (!alternate.leaf().equals(recommended.leaf())) {
            throw new AcmeProtocolException("it is the chain of another certificate");
        }
        alternate.requireLinks();
    }
}
