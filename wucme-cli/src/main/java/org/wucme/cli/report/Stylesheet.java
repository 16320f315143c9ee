package org.wucme.cli.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Objects;
import org.wucme.acme.internal.jca.Jca;

/**
 * How pages look. A page holds the whole text, so that it needs nothing else; a browser knows it by its hash.
 *
 * @param text the style sheet
 * @param policy the Content-Security-Policy of a page that has it: no script, no other style, nothing from elsewhere
 */
record Stylesheet(String text, String policy) {

    static Stylesheet load() {
        try (InputStream in = Objects.requireNonNull(Stylesheet.class.getResourceAsStream("report.css"))) {
            byte[] bytes = in.readAllBytes();
            return new Stylesheet(
                    new String(bytes, StandardCharsets.UTF_8),
                    "default-src 'none'; style-src 'sha256-" + hash(bytes) + "'; img-src data:; form-action 'self';"
                            + " base-uri 'none'; frame-ancestors 'none'");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String hash(byte[] bytes) {
        return Base64.getEncoder().encodeToString(Jca.sha256().digest(bytes));
    }
}
