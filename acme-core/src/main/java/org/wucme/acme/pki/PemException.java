package org.wucme.acme.pki;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A PEM text that cannot be read, with what is wrong in it. Never contains what is in the text. */
public final class PemException extends IOException {

    /** With what is wrong. */
    public PemException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
