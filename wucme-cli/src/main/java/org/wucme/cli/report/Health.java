package org.wucme.cli.report;

import java.util.Collection;
import java.util.Locale;

/** How a certificate, or all of them together, stand; from good to bad. */
public enum Health {
    /** All is as it should be. */
    OK,
    /** Something went wrong that does not hurt yet, and that may pass by itself. */
    ATTENTION,
    /** A certificate is missing or at its end, or nothing gets better unless a human acts. */
    FAILING;

    /** The worst of what was found; all is well where nothing was. */
    static Health worst(Collection<Flaw> flaws) {
        return flaws.stream().map(Flaw::health).max(Health::compareTo).orElse(OK);
    }

    /** In lower case. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
