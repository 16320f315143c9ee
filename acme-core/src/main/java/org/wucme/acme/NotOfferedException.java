package org.wucme.acme;

/** The CA does not offer what was requested, as its directory says. */
final class NotOfferedException extends AcmeException {

    NotOfferedException(String message) {
        super(message);
    }
}
