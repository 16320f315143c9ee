package org.wucme.cli.load;

import java.io.IOException;
import java.util.regex.Pattern;
import org.wucme.store.StoredCertificate;

/**
 * Text in which <code>{name}</code> stands for what the store calls a certificate.
 *
 * @param text of an action
 */
record NamePattern(String text) {

    private static final String NAME = "{name}";
    private static final Pattern SAFE_NAME = Pattern.compile("[A-Za-z0-9$_-]+");

    /**
     * The text for a certificate.
     *
     * @throws IOException if its name would be more in a path than the name of a file
     */
    String of(StoredCertificate certificate) throws IOException {
        if (!text.contains(NAME)) {
            return text;
        }
        if (!SAFE_NAME.matcher(certificate.name()).matches()) {
            throw new IOException("the name \"" + certificate.name() + "\" cannot be part of a path");
        }
        return text.replace(NAME, certificate.name());
    }
}
