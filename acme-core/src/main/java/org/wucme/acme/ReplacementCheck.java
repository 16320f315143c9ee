package org.wucme.acme;

import java.io.IOException;
import org.wucme.acme.pki.CertificateId;

/**
 * Decides about an order when the CA says that another order replaces the same certificate already (RFC 9773 section 5):
 * {@code alreadyReplaced}, or HTTP 409. Those who share a certificate with other processes look whether one of these has
 * renewed it, or is about to, so that it is not renewed twice.
 */
@FunctionalInterface
public interface ReplacementCheck {

    /**
     * Called before the order is made without a predecessor.
     *
     * @throws IOException if no order is to be made; it is what the caller of {@link Account#obtain} gets
     */
    void alreadyReplaced(CertificateId predecessor) throws IOException;
}
