package org.wucme.cli.notify;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The receiver will never take this notice: trying again only holds up the next ones. */
final class RefusedException extends IOException {

    RefusedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
