package org.wucme.manage;

import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import org.jspecify.annotations.Nullable;
import org.wucme.acme.pki.KeyType;

/** Which type of key to make in the place of another. */
final class KeyTypes {

    private KeyTypes() {}

    /** The type of a key, or the nearest that CAs accept; null if it is neither RSA nor of an elliptic curve. */
    static @Nullable KeyType like(PublicKey key) {
        if (key instanceof RSAPublicKey rsa) {
            return likeRsa(rsa.getModulus().bitLength());
        }
        if (key instanceof ECPublicKey ec) {
            int bits = ec.getParams().getCurve().getField().getFieldSize();
            return bits <= 256 ? KeyType.EC_P256 : KeyType.EC_P384;
        }
        return null;
    }

    private static KeyType likeRsa(int bits) {
        if (bits <= 2048) {
            return KeyType.RSA_2048;
        }
        return bits <= 3072 ? KeyType.RSA_3072 : KeyType.RSA_4096;
    }
}
