package org.wucme.testing.ca;

import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A certificate and the chains it may be served with, the default first; guarded by the {@link Registry}. */
final class CertificateState {
    final String id;
    final AccountState account;
    final X509Certificate leaf;
    final List<String> chains;
    boolean revoked;
    boolean replaced;

    @Nullable
    RenewalWindow renewalWindow;

    CertificateState(String id, AccountState account, X509Certificate leaf, List<String> chains) {
        this.id = id;
        this.account = account;
        this.leaf = leaf;
        this.chains = chains;
    }
}
