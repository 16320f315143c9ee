package org.wucme.cli.agent;

import java.io.IOException;

/** Something that listens on a port of its own from the moment on in which that can be had. */
@FunctionalInterface
public interface Opening {

    /**
     * Opens it, unless it is open.
     *
     * @throws IOException if it cannot be opened now
     */
    void open() throws IOException;

    /**
     * Leaves its port to the active agent of the machine, if that needs the port.
     *
     * @return whether this is to be opened again
     * @throws Exception if that did not go well
     */
    default boolean leave() throws Exception {
        return false;
    }
}
