package org.wucme.manage;

import org.wucme.acme.AcmeException;

/**
 * This side lacks something that an operator must configure. It says nothing about the certificate, so that no backoff is
 * stored for it: the next attempt after the correction is made at once.
 */
final class NotConfiguredException extends AcmeException {

    NotConfiguredException(String message) {
        super(message);
    }
}
