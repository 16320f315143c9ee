package org.wucme.manage;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * When a certificate is to be renewed. Immutable.
 *
 * @param start the start of the window
 * @param end the end of the window; the expiry of the certificate if no CA suggested a window
 * @param due the moment in it from which the certificate is due
 * @param isSuggested whether the CA suggested the window (RFC 9773); it follows from the lifetime otherwise
 * @param explanationUrl page of the CA with the reason; null if it gave none
 */
public record RenewalWindow(
        Instant start,
        Instant end,
        Instant due,
        boolean isSuggested,
        @Nullable String explanationUrl) {}
