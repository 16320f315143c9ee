package org.wucme.manage;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.wucme.acme.internal.octets.Sha256;
import org.wucme.acme.internal.solving.Solvers;
import org.wucme.store.CertificateSpec;
import org.wucme.store.CertificateStore;
import org.wucme.store.StoredAccount;

/**
 * Tells whether settings are those of before, as far as a CA may refuse a certificate because of them: what is requested, with
 * which account, and how it is validated. Without secrets.
 */
final class SettingsDigest {

    private final CertificateStore store;
    private final Solvers solvers;
    private final AccountTerms terms;

    SettingsDigest(CertificateStore store, Solvers solvers, AccountTerms terms) {
        this.store = store;
        this.solvers = solvers;
        this.terms = terms;
    }

    /** For a certificate. */
    String of(CertificateSpec wanted) throws IOException {
        String directoryUrl = wanted.directoryUrl();
        String account =
                store.loadAccount(directoryUrl).map(StoredAccount::accountUrl).orElse("none");
        List<Object> settings = List.of(
                wanted.identifiers(),
                directoryUrl,
                String.valueOf(wanted.profile()),
                String.valueOf(wanted.challengeType()),
                String.valueOf(wanted.keyType()),
                account,
                terms.areAgreed(),
                terms.contacts(),
                // Its key as a number: a key that was corrected is another setting, and a secret does not belong here.
                Objects.hashCode(terms.externalAccounts().get(directoryUrl)),
                wanted.identifiers().stream().map(solvers::typesFor).toList(),
                solvers.settings());
        return Sha256.of(settings.toString().getBytes(StandardCharsets.UTF_8)).hex();
    }
}
