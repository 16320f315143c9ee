package org.wucme.acme.internal.jose;

import java.security.GeneralSecurityException;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.wucme.acme.internal.jca.Jca;

/**
 * A secret shared with a CA, which proves to it who wants an account (RFC 8555 section 7.3.4). Of any length: CAs hand out
 * shorter ones than RFC 7518 asks for. Immutable and thread-safe; never printed.
 */
public final class MacKey {

    private final String algorithm;
    private final SecretKeySpec key;

    /**
     * A key that is not empty.
     *
     * @param bits the length of the digest: 256, 384 or 512
     */
    public MacKey(int bits, byte[] octets) {
        this.algorithm = "HS" + bits;
        this.key = new SecretKeySpec(octets, "HmacSHA" + bits);
    }

    /**
     * The binding of an account key.
     *
     * @param kid what the CA knows this secret by
     * @param url where the account is asked for
     */
    public Map<String, Object> bind(JwsKey accountKey, String kid, String url) {
        Map<String, Object> header = new LinkedHashMap<>();
        header.put("alg", algorithm);
        header.put("kid", kid);
        header.put("url", url);
        return FlattenedJws.sign(header, accountKey.encodedJwk(), this::authenticate);
    }

    private byte[] authenticate(byte[] input) {
        try {
            Mac mac = Jca.mac(key.getAlgorithm());
            mac.init(key);
            return mac.doFinal(input);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + key.getAlgorithm(), e);
        }
    }

    @Override
    public String toString() {
        return "MacKey[" + algorithm + "]";
    }
}
