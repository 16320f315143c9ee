package org.wucme.manage;

import java.util.List;
import org.wucme.acme.Ca;
import org.wucme.store.RenewalRecord;

/**
 * Which CA is asked for a certificate: its own, or after so many failures in a row the further ones, in turn with its own.
 *
 * @param further in the order in which they are asked
 * @param afterFailures how many must have failed before the first of them is asked
 */
record CaChoice(List<Ca> further, int afterFailures) {

    /** As many as come together in about a day: whatever was a passing trouble should have passed. */
    static final int USUAL_FAILURES = 5;

    CaChoice {
        further = List.copyOf(further);
        if (afterFailures < 1) {
            throw new IllegalArgumentException("further CAs are asked after 1 failure or more, not " + afterFailures);
        }
    }

    /** The directory of the CA for the next attempt. */
    String directoryFor(RenewalRecord renewal) {
        return caFor(renewal).directoryUrl();
    }

    /** The CA for the next attempt. */
    Ca caFor(RenewalRecord renewal) {
        Ca own = renewal.spec().ca();
        List<Ca> others = further.stream()
                .filter(ca -> !ca.directoryUrl().equals(own.directoryUrl()))
                .toList();
        int turn = renewal.attempts().failures() < afterFailures
                ? 0
                : renewal.attempts().failures() - afterFailures + 1;
        int choice = turn % (others.size() + 1);
        return choice == 0 ? own : others.get(choice - 1);
    }
}
