package org.wucme.acme.internal.http;

import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.wucme.acme.internal.jose.JwsKey;

/**
 * One signed POST, before it has a nonce (RFC 8555 section 6.2). Immutable.
 *
 * <p>Whether it may be sent again when nobody knows what became of it is the request's own knowledge: see {@link
 * #repeatable()}.
 */
public final class SignedRequest {

    private static final byte[] EMPTY = {};

    private final String doing;
    private final String url;
    private final JwsKey key;
    private final @Nullable String kid;
    private final byte[] payload;
    private final String accept;
    private final boolean repeatable;

    private SignedRequest(
            String doing,
            String url,
            JwsKey key,
            @Nullable String kid,
            byte[] payload,
            String accept,
            boolean repeatable) {
        this.doing = doing;
        this.url = url;
        this.key = key;
        this.kid = kid;
        this.payload = payload;
        this.accept = accept;
        this.repeatable = repeatable;
    }

    /**
     * A request that does something once, such as answering a challenge: not repeatable.
     *
     * @param doing what it does, for the log and for error messages, such as {@code creating new order at https://…}
     * @param kid URL of the account, or null if the server does not know the key yet
     */
    public static SignedRequest post(String doing, String url, JwsKey key, @Nullable String kid, byte[] payload) {
        return new SignedRequest(doing, url, key, kid, payload.clone(), "application/json", false);
    }

    /** A request that reads (POST-as-GET, RFC 8555 section 6.3): repeatable. */
    public static SignedRequest postAsGet(String doing, String url, JwsKey key, String kid) {
        return new SignedRequest(doing, url, key, kid, EMPTY, "application/json", true);
    }

    /** This request, said to do no harm when it takes effect twice. */
    public SignedRequest asRepeatable() {
        return new SignedRequest(doing, url, key, kid, payload, accept, true);
    }

    /** This request for another kind of answer than JSON. */
    public SignedRequest accepting(String mediaType) {
        return new SignedRequest(doing, url, key, kid, payload, mediaType, repeatable);
    }

    /** URL of the account that signs; null if the server need not know it. */
    public @Nullable String account() {
        return kid;
    }

    String doing() {
        return doing;
    }

    String url() {
        return url;
    }

    String accept() {
        return accept;
    }

    boolean repeatable() {
        return repeatable;
    }

    byte[] sign(String nonce) throws IOException {
        return key.sign(url, nonce, kid, Arrays.copyOf(payload, payload.length));
    }
}
