package org.wucme.store;

import java.math.BigInteger;
import java.util.Objects;

/**
 * What a CA suggested for one certificate.
 *
 * @param name under which it is stored
 * @param serial its serial number: nothing is written if another certificate is in place
 * @param choice when to renew it
 */
public record RenewalInfoUpdate(String name, BigInteger serial, AriChoice choice) {

    public RenewalInfoUpdate {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(serial, "serial");
        Objects.requireNonNull(choice, "choice");
    }
}
