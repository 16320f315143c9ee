package org.wucme.acme.challenge;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.wucme.acme.Identifier;
import org.wucme.acme.Problem;

/**
 * Proof by a certificate on port 443 (RFC 8737, and RFC 8738 section 6 for addresses).
 *
 * @param url where the client says that it is ready
 * @param token random text by the CA, base64url
 * @param status where the challenge stood
 * @param error why it failed, if it did
 */
public record TlsAlpn01(
        String url,
        String token,
        ChallengeStatus status,
        @Nullable Problem error) implements TokenChallenge {

    /** The registered name of this type. */
    public static final String TYPE = "tls-alpn-01";

    /** The protocol that the CA asks for in its TLS handshake (ALPN). */
    public static final String PROTOCOL = "acme-tls/1";

    /** Object identifier of the certificate extension that carries the answer (RFC 8737 section 3). */
    public static final String EXTENSION_OID = "1.3.6.1.5.5.7.1.31";

    private static final byte[] OCTET_STRING_OF_32 = {0x04, 0x20};

    /** The value of the critical extension: a DER octet string with the {@link KeyAuthorization#digest()}. */
    public static byte[] extensionValue(KeyAuthorization answer) {
        byte[] value = Arrays.copyOf(OCTET_STRING_OF_32, OCTET_STRING_OF_32.length + 32);
        System.arraycopy(answer.digest(), 0, value, OCTET_STRING_OF_32.length, 32);
        return value;
    }

    /**
     * The server name (SNI) under which the CA asks: the name itself, or an address in reverse form.
     *
     * @throws IllegalArgumentException if an identifier of type {@link Identifier#IP} is no address
     */
    public static String serverName(Identifier identifier) {
        return identifier.type().equals(Identifier.IP) ? reverseName(identifier) : identifier.value();
    }

    private static String reverseName(Identifier identifier) {
        byte[] address = octets(Identifier.ip(identifier.value()));
        StringBuilder name = new StringBuilder();
        for (int i = address.length - 1; i >= 0; i--) {
            int octet = address[i] & 0xff;
            if (address.length == 4) {
                name.append(octet).append('.');
            } else {
                name.append(Integer.toHexString(octet & 0xf)).append('.');
                name.append(Integer.toHexString(octet >> 4)).append('.');
            }
        }
        return name.append(address.length == 4 ? "in-addr.arpa" : "ip6.arpa").toString();
    }

    // Only for what Identifier.ip has read: anything else would be looked up.
    private static byte[] octets(Identifier address) {
        try {
            return InetAddress.getByName(address.value()).getAddress();
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("\"" + address + "\" is not an IP address", e);
        }
    }

    @Override
    public String type() {
        return TYPE;
    }
}
