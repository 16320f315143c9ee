package org.wucme.cli;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import org.wucme.challenges.ListenException;

/** Whether a port could be had now. It is not kept: whoever needs it finds out again. */
final class FreePort {

    private FreePort() {}

    /**
     * Takes a port, and gives it back at once.
     *
     * @throws ListenException if it cannot be had, with the reason
     */
    static void require(InetSocketAddress address) throws ListenException {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(address);
        } catch (IOException e) {
            throw ListenException.of(address, "give another one", e);
        }
    }
}
