package org.wucme.challenges;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.wucme.challenges.ListenException.Reason;

class ListenExceptionTest {

    private static ListenException on(int port, String words) {
        return ListenException.of(new InetSocketAddress(port), "use a webroot", new BindException(words));
    }

    @ParameterizedTest
    @CsvSource({
        "Address already in use, PORT_IN_USE",
        "Address already in use: bind, PORT_IN_USE",
        "Address already in use (Bind failed), PORT_IN_USE",
        "Permission denied, NO_PERMISSION",
        "Permission denied: bind, NO_PERMISSION",
        "Cannot assign requested address, ADDRESS_NOT_LOCAL",
        "Can't assign requested address, ADDRESS_NOT_LOCAL",
        "Cannot assign requested address: bind, ADDRESS_NOT_LOCAL",
        "Protocol family unavailable, OTHER"
    })
    void tellsTheReasonFromTheWordsOfTheSystem(String words, Reason reason) {
        assertThat(on(80, words).reason()).isEqualTo(reason);
    }

    @Test
    void aPortInUseIsFoundOutWhateverTheLanguageOfTheSystem() throws IOException {
        try (ServerSocket taken = new ServerSocket(0)) {
            assertThat(on(taken.getLocalPort(), "Die Adresse wird bereits verwendet")
                            .reason())
                    .isEqualTo(Reason.PORT_IN_USE);
        }
    }

    @Test
    void aForeignAddressIsFoundOutWhateverTheLanguageOfTheSystem() throws IOException {
        InetSocketAddress foreign = new InetSocketAddress(InetAddress.getByName("192.0.2.1"), 80);

        assertThat(ListenException.of(foreign, "x", new BindException("Die angeforderte Adresse fehlt"))
                        .reason())
                .isEqualTo(Reason.ADDRESS_NOT_LOCAL);
    }

    @Test
    void aPortInUseNamesThePortAndTheOtherWays() {
        assertThat(on(80, "Address already in use"))
                .hasMessage("cannot listen on port 80: another program uses it: stop that program, or use a webroot");
    }

    @Test
    void noPermissionBelow1024SaysHowToGrantIt() {
        assertThat(on(443, "Permission denied").getMessage())
                .startsWith("cannot listen on port 443: no permission")
                .contains("CAP_NET_BIND_SERVICE")
                .contains("AmbientCapabilities")
                .contains("net.ipv4.ip_unprivileged_port_start=443")
                .endsWith(", or use a webroot");
    }

    @Test
    void noPermissionAbove1023DoesNotSpeakOfPrivilegedPorts() {
        assertThat(on(8080, "Permission denied").getMessage())
                .contains("no permission")
                .doesNotContain("1024")
                .doesNotContain("AmbientCapabilities");
    }

    @Test
    void aForeignAddressIsNamed() throws Exception {
        InetAddress foreign = InetAddress.getByName("192.0.2.1");
        ListenException e = ListenException.of(
                new InetSocketAddress(foreign, 80), "x", new BindException("Cannot assign requested address"));
        assertThat(e).hasMessageStartingWith("cannot listen on 192.0.2.1 port 80: 192.0.2.1 is not an address of this");
    }

    @Test
    void aNameThatCannotBeResolvedIsNoLocalAddress() {
        InetSocketAddress nowhere = InetSocketAddress.createUnresolved("nowhere.invalid", 80);
        ListenException e = ListenException.of(nowhere, "x", new SocketException("Unresolved address"));
        assertThat(e.reason()).isEqualTo(Reason.ADDRESS_NOT_LOCAL);
        assertThat(e).hasMessageContaining("nowhere.invalid is not an address of this machine");
    }

    @Test
    void anythingElseIsQuoted() {
        assertThat(on(80, "Protocol family unavailable"))
                .hasMessageContaining("Protocol family unavailable")
                .hasCauseInstanceOf(BindException.class);
        IOException wordless = new IOException();
        assertThat(ListenException.of(new InetSocketAddress(80), "x", wordless).reason())
                .isEqualTo(Reason.OTHER);
    }
}
