package org.wucme.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wucme.challenges.ListenException;
import org.wucme.challenges.http.Http01Responder;
import org.wucme.challenges.http.Http01Server;
import org.wucme.store.StoreLock;
import org.wucme.store.file.FileStore;

class KeptSolverTest {

    @TempDir
    Path folder;

    private FileStore store;
    private InetSocketAddress address;

    @BeforeEach
    void begin() throws IOException {
        store = FileStore.open(folder);
        address = new InetSocketAddress(InetAddress.getLoopbackAddress(), User.freePort());
    }

    private KeptSolver start(String host) throws IOException {
        return KeptSolver.start(
                () -> Http01Server.open(address, new Http01Responder()),
                Http01Server.whileNeeded(address),
                store,
                host);
    }

    private String activeHost() throws IOException {
        return String.valueOf(store.active().orElseThrow().host());
    }

    private void requireFree() throws IOException {
        new ServerSocket(address.getPort(), 1, address.getAddress()).close();
    }

    private void assertTaken() {
        assertThatThrownBy(this::requireFree).isInstanceOf(IOException.class);
    }

    @Test
    void whileAnotherIsActiveOnThisMachineThePortIsLeftToThatAndCanBeTakenLater() throws Exception {
        try (StoreLock active = store.lockActive(Duration.ZERO).orElseThrow();
                KeptSolver solver = start(activeHost())) {
            requireFree();

            solver.open();
            assertTaken();

            assertThat(solver.leave()).isTrue();
            requireFree();
        }
    }

    @Test
    void whileAnotherIsActiveOnAnotherMachineThePortIsKept() throws Exception {
        try (StoreLock active = store.lockActive(Duration.ZERO).orElseThrow();
                KeptSolver solver = start("not." + activeHost())) {
            assertTaken();
        }
        requireFree();
    }

    @Test
    void aPortThatIsInUseWhileNobodyIsActiveIsRefused() throws Exception {
        try (ServerSocket other = new ServerSocket(address.getPort(), 1, address.getAddress())) {
            assertThat(other.isBound()).isTrue();
            assertThatThrownBy(() -> start("www1")).isInstanceOf(ListenException.class);
        }
    }
}
