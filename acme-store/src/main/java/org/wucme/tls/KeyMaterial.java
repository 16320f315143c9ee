package org.wucme.tls;

import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.wucme.acme.internal.jca.PlatformKeys;
import org.wucme.acme.internal.jca.TlsKeyType;

/** What a handshake needs of a certificate: its private key and its chain. Immutable. */
final class KeyMaterial {

    private final PrivateKey key;
    private final X509Certificate[] chain;
    private final TlsKeyType type;

    KeyMaterial(PrivateKey key, List<X509Certificate> chain) {
        this.key = PlatformKeys.of(key);
        this.chain = chain.toArray(X509Certificate[]::new);
        this.type = TlsKeyType.of(this.chain[0].getPublicKey());
    }

    PrivateKey key() {
        return key;
    }

    X509Certificate[] chain() {
        return chain.clone();
    }

    /** Whether a TLS engine that asks for this type of key can use it. */
    boolean isOfType(String keyType) {
        return type.isAskedForAs(keyType);
    }

    /** Whether one of these issued a certificate of the chain. */
    boolean isIssuedByOneOf(Collection<Principal> issuers) {
        return Arrays.stream(chain).anyMatch(certificate -> issuers.contains(certificate.getIssuerX500Principal()));
    }
}
