package org.wucme.store;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Where the present certificate came from. Immutable.
 *
 * @param accountUrl the account that ordered it; null if not known
 * @param issuedBy the directory of the CA that issued it, if that was not the requested one; null otherwise
 * @param obtained when this client obtained it, by its own clock; null if not known, as of an imported one
 * @param renewedEarly whether it was obtained early because the CA suggested so: then its CA's suggestions make it due no
 *     sooner than its age does
 * @param keyCompromised whether others may know its key: then it is renewed at once, with a new key even where keys are
 *     reused
 */
public record Origin(
        @Nullable String accountUrl,
        @Nullable String issuedBy,
        @Nullable Instant obtained,
        boolean renewedEarly,
        boolean keyCompromised) {

    /** Nothing is known, or there is no certificate. */
    public static final Origin UNKNOWN = new Origin(null, null, null, false, false);

    /** With another account. */
    public Origin withAccountUrl(@Nullable String url) {
        return new Origin(url, issuedBy, obtained, renewedEarly, keyCompromised);
    }

    /** Once others may know its key. */
    public Origin compromised() {
        return new Origin(accountUrl, issuedBy, obtained, renewedEarly, true);
    }

    /** Of a certificate that this client did not store here. */
    public Origin ofUnknownAge() {
        return new Origin(accountUrl, issuedBy, null, false, keyCompromised);
    }
}
