package org.wucme.acme.pki;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.ProviderException;
import java.security.PublicKey;
import java.security.Signature;
import java.util.Objects;
import org.wucme.acme.internal.jca.PlatformKeys;

/** Signs with a key of the platform, or where the private key lives: JCA finds that provider. */
final class KeyPairSigner implements Signer {

    private final KeyPair pair;

    KeyPairSigner(KeyPair pair) {
        this.pair = PlatformKeys.of(Objects.requireNonNull(pair, "pair"));
    }

    @Override
    public PublicKey publicKey() {
        return pair.getPublic();
    }

    @Override
    public byte[] sign(String jcaAlgorithm, byte[] data) throws IOException {
        try {
            Signature signature = PlatformKeys.signature(jcaAlgorithm, pair.getPrivate());
            signature.update(data);
            return signature.sign();
        } catch (GeneralSecurityException | ProviderException e) {
            throw new IOException("Java cannot sign " + jcaAlgorithm + " with this private key: " + e.getMessage(), e);
        }
    }

    /** Without the keys. */
    @Override
    public String toString() {
        return "Signer[" + pair.getPublic().getAlgorithm() + "]";
    }
}
