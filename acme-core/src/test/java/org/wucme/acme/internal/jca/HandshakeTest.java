package org.wucme.acme.internal.jca;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Supplier;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.wucme.testing.ForeignEngine;

/** What engines other than Java's show, and how. */
class HandshakeTest {

    private static Handshake of(Supplier<List<SNIServerName>> names, Supplier<@Nullable String> protocol) {
        return Handshake.of(new ForeignEngine(names, protocol));
    }

    private static Handshake asking(byte[] name) {
        return of(() -> List.of(new OctetName(0, name)), () -> null);
    }

    @ParameterizedTest
    @CsvSource({
        "www.example.org, www.example.org",
        "www.example.org., www.example.org",
        "WWW.Example.ORG, www.example.org",
        "bücher.example, xn--bcher-kva.example",
        "192.0.2.1, 192.0.2.1",
    })
    void aNameInOctetsIsReadAsOneOfText(String sent, String read) {
        Handshake handshake = asking(sent.getBytes(StandardCharsets.UTF_8));

        assertThat(handshake.sendsName()).isTrue();
        assertThat(handshake.serverName()).isEqualTo(read);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "www.example.org..", "a b", "www.example.org\n", "a/b", "\u0000"})
    void octetsThatAreNoNameAreAnUnknownName(String sent) {
        Handshake handshake = asking(sent.getBytes(StandardCharsets.UTF_8));

        assertThat(handshake.sendsName()).isTrue();
        assertThat(handshake.serverName()).isNull();
    }

    @Test
    void octetsThatAreNoTextAreAnUnknownName() {
        Handshake handshake = asking(new byte[] {(byte) 0xff, (byte) 0xfe, '.', 'x'});

        assertThat(handshake.sendsName()).isTrue();
        assertThat(handshake.serverName()).isNull();
    }

    @Test
    void aNameOfAnUnknownTypeIsAnUnknownName() {
        Handshake handshake = of(() -> List.of(new OctetName(7, new byte[] {1})), () -> "h2");

        assertThat(handshake.sendsName()).isTrue();
        assertThat(handshake.serverName()).isNull();
        assertThat(handshake.protocol()).isEqualTo("h2");
        assertThat(handshake.hidesProtocol()).isFalse();
    }

    @Test
    void anEngineThatFailsOverTheNameHasAnUnknownOne() {
        Handshake handshake = of(
                () -> {
                    throw new IllegalArgumentException("cannot have the trailing dot");
                },
                () -> null);

        assertThat(handshake.sendsName()).isTrue();
        assertThat(handshake.serverName()).isNull();
    }

    @Test
    void anEngineWithoutWhatIsOptionalShowsNothing() {
        Handshake handshake = of(
                () -> {
                    throw new UnsupportedOperationException();
                },
                () -> {
                    throw new UnsupportedOperationException();
                });

        assertThat(handshake.sendsName()).isFalse();
        assertThat(handshake.serverName()).isNull();
        assertThat(handshake.protocol()).isNull();
        assertThat(handshake.hidesProtocol()).isTrue();
        assertThat(handshake.engine()).isEqualTo(ForeignEngine.class.getName());
    }

    @Test
    void ofNoConnectionNothingIsShown() {
        for (Handshake handshake :
                List.of(Handshake.of((Socket) null), Handshake.of((SSLEngine) null), Handshake.of(new Socket()))) {
            assertThat(handshake.sendsName()).isFalse();
            assertThat(handshake.protocol()).isNull();
        }
    }

    private static final class OctetName extends SNIServerName {
        OctetName(int type, byte[] octets) {
            super(type, octets);
        }
    }
}
