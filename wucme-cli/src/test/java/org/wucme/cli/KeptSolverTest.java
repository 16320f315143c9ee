package org.wucme.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;
import org.wucme.challenges.ListenException;
import org.wucme.challenges.http.Http01Responder;
import org.wucme.challenges.http.Http01Server;

class KeptSolverTest {

    private final InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), User.freePort());

    private KeptSolver solver() {
        return new KeptSolver(
                () -> Http01Server.open(address, new Http01Responder()), Http01Server.whileNeeded(address));
    }

    private void requireFree() throws IOException {
        new ServerSocket(address.getPort(), 1, address.getAddress()).close();
    }

    @Test
    void thePortIsKeptFromTheMomentItIsOpenedUntilItIsLeft() throws Exception {
        try (KeptSolver solver = solver()) {
            requireFree();

            solver.open();
            assertThatThrownBy(this::requireFree).isInstanceOf(IOException.class);

            assertThat(solver.leave()).isTrue();
            requireFree();
        }
    }

    @Test
    void aPortThatIsInUseIsRefused() throws Exception {
        try (KeptSolver solver = solver();
                ServerSocket other = new ServerSocket(address.getPort(), 1, address.getAddress())) {
            assertThat(other.isBound()).isTrue();
            assertThatThrownBy(solver::open).isInstanceOf(ListenException.class);
        }
    }
}
