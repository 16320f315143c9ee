package org.wucme.acme;

/**
 * This machine's clock, or the CA's, is so wrong that nothing is requested: a certificate would look expired or due when it is
 * issued, or not valid yet. Set the clock. The advice is {@link Advice#OPERATOR}; the largest difference is {@link
 * AcmeClient.Builder#maxClockDifference}.
 */
public final class AcmeClockException extends AcmeException {

    private final transient ClockDifference difference;

    /** With both times. */
    public AcmeClockException(ClockDifference difference) {
        super(difference.describe() + ". No certificate is requested until they agree");
        this.difference = difference;
    }

    /** Both times. */
    public ClockDifference difference() {
        return difference;
    }
}
