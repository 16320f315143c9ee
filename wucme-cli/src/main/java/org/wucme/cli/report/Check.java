package org.wucme.cli.report;

import java.io.IOException;

/** Something that an administrator may try by hand, such as whether the CA answers. */
@FunctionalInterface
public interface Check {

    /**
     * Tries it; may take a while, and is interrupted when it takes too long.
     *
     * @return what was found, for a human; without secrets
     * @throws IOException if it does not work; the message says why, without secrets
     */
    String run() throws IOException;
}
