package org.wucme.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ListeningSocketsTest {

    private static final long SELF = ProcessHandle.current().pid();

    @BeforeEach
    void onLinux() {
        assumeTrue(Files.isDirectory(Path.of("/proc/self/fd")));
    }

    @Test
    void aPortBelongsToTheProcessThatListensThere() throws Exception {
        Process other = new ProcessBuilder("sleep", "60").start();
        try (ServerSocket everywhere = new ServerSocket(0);
                ServerSocket loopback = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(ListeningSockets.at(everywhere.getLocalPort()).belongTo(SELF))
                    .isTrue();
            assertThat(ListeningSockets.at(loopback.getLocalPort()).belongTo(SELF))
                    .isTrue();
            assertThat(ListeningSockets.at(loopback.getLocalPort()).belongTo(other.pid()))
                    .isFalse();
        } finally {
            other.destroyForcibly();
        }
    }

    @Test
    void aPortWhereNothingListensBelongsToNoProcess() throws IOException {
        assertThat(ListeningSockets.at(User.freePort()).belongTo(SELF)).isFalse();
    }

    @Test
    void aProcessThatHasEndedHasNoPort() throws Exception {
        Process ended = new ProcessBuilder("true").start();
        ended.waitFor();
        try (ServerSocket socket = new ServerSocket(0)) {
            assertThat(ListeningSockets.at(socket.getLocalPort()).belongTo(ended.pid()))
                    .isFalse();
        }
    }
}
