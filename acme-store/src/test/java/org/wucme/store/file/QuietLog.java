package org.wucme.store.file;

import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Keeps warnings about what a test breaks on purpose out of the output. */
final class QuietLog implements BeforeAllCallback, AfterAllCallback {

    // A logger that nobody holds forgets its level.
    private static final Logger LOGGER = Logger.getLogger("org.wucme.store");

    @Override
    public void beforeAll(ExtensionContext context) {
        LOGGER.setLevel(Level.SEVERE);
    }

    @Override
    public void afterAll(ExtensionContext context) {
        LOGGER.setLevel(null);
    }
}
