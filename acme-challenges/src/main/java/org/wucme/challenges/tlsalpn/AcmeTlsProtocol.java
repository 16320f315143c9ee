package org.wucme.challenges.tlsalpn;

import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.wucme.acme.challenge.TlsAlpn01;

/**
 * Makes a server offer the protocol {@code acme-tls/1} (RFC 8737 section 3) without changing what other clients get: the
 * server's own choice among its protocols, such as {@code h2} and {@code http/1.1}, stays as it is, and so does a server
 * that has none. Only a client that asks for {@code acme-tls/1} and nothing else is a CA.
 *
 * <p>After such a handshake there is nothing to say: a server should close that connection, and need not if it only
 * speaks when spoken to, since the CA closes it.
 */
public final class AcmeTlsProtocol {

    private static final List<String> ASKED_BY_CA = List.of(TlsAlpn01.PROTOCOL);

    private AcmeTlsProtocol() {}

    /** Offers it on a connection; to be called after a selector of the server's own is set, before the handshake. */
    public static void offer(SSLEngine engine) {
        engine.setHandshakeApplicationProtocolSelector(
                beside(engine.getHandshakeApplicationProtocolSelector(), engine::getSSLParameters));
    }

    /** Offers it on a connection; to be called after a selector of the server's own is set, before the handshake. */
    public static void offer(SSLSocket socket) {
        socket.setHandshakeApplicationProtocolSelector(
                beside(socket.getHandshakeApplicationProtocolSelector(), socket::getSSLParameters));
    }

    /**
     * Offers it in parameters, for servers that give access to nothing else. They must name the server's own protocols
     * already: with {@code acme-tls/1} alone, Java would refuse every client that asks for another.
     *
     * @throws IllegalArgumentException if the parameters name no protocol
     */
    public static void offer(SSLParameters parameters) {
        String[] own = parameters.getApplicationProtocols();
        if (own.length == 0) {
            throw new IllegalArgumentException(
                    "set the server's own application protocols first, such as http/1.1, or offer it on each connection");
        }
        if (List.of(own).contains(TlsAlpn01.PROTOCOL)) {
            return;
        }
        String[] all = new String[own.length + 1];
        System.arraycopy(own, 0, all, 0, own.length);
        all[own.length] = TlsAlpn01.PROTOCOL;
        parameters.setApplicationProtocols(all);
    }

    private static <T> BiFunction<T, List<String>, @Nullable String> beside(
            @Nullable BiFunction<T, List<String>, @Nullable String> own, Supplier<SSLParameters> parameters) {
        return (connection, asked) -> {
            if (asked.equals(ASKED_BY_CA)) {
                return TlsAlpn01.PROTOCOL;
            }
            return own == null
                    ? select(parameters.get().getApplicationProtocols(), asked)
                    : own.apply(connection, asked);
        };
    }

    /** What Java does without a selector: null refuses the client, an empty text goes on without a protocol. */
    private static @Nullable String select(String[] own, List<String> asked) {
        if (own.length == 0) {
            return "";
        }
        for (String protocol : own) {
            if (asked.contains(protocol)) {
                return protocol;
            }
        }
        return null;
    }
}
