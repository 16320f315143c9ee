package org.wucme.tls;

import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/** What a handshake needs of a certificate: its private key and its chain. Immutable. */
final class KeyMaterial {

    private final PrivateKey key;
    private final X509Certificate[] chain;

    KeyMaterial(PrivateKey key, List<X509Certificate> chain) {
        this.key = key;
        this.chain = chain.toArray(X509Certificate[]::new);
    }

    PrivateKey key() {
        return key;
    }

    X509Certificate[] chain() {
        return chain.clone();
    }

    /** Whether a handshake that asks for this type of key can use it. */
    boolean isOfType(String keyType) {
        return chain[0].getPublicKey().getAlgorithm().equals(keyType);
    }

    /** Whether one of these issued a certificate of the chain. */
    boolean isIssuedByOneOf(Collection<Principal> issuers) {
        return Arrays.stream(chain).anyMatch(certificate -> issuers.contains(certificate.getIssuerX500Principal()));
    }
}
