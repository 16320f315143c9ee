package org.wucme.manage;

import java.io.IOException;

/** Another process has renewed the certificate, or is about to: this attempt ends without an order, and without a trace. */
final class ReplacedElsewhereException extends IOException {

    ReplacedElsewhereException(String message) {
        super(message);
    }
}
