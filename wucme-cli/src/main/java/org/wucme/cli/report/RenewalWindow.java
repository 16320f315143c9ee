package org.wucme.cli.report;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * When a certificate is to be renewed.
 *
 * @param start where the window begins
 * @param end where it ends; if no CA suggested one, with the certificate
 * @param due the moment in it from which the certificate is due
 * @param isSuggested whether the CA suggested the window (RFC 9773); it follows from the lifetime otherwise
 * @param explanationUrl page of the CA that tells why; null if it gave none
 */
public record RenewalWindow(
        Instant start,
        Instant end,
        Instant due,
        boolean isSuggested,
        @Nullable String explanationUrl) {}
