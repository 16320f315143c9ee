package org.wucme.challenges.tlsalpn;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.wucme.acme.challenge.TlsAlpn01;

/**
 * Makes a server offer the protocol {@code acme-tls/1} (RFC 8737 section 3) without changing what other clients get: the
 * server's own choice among its protocols, such as {@code h2} and {@code http/1.1}, stays as it is, and so does a server
 * that has none.
 *
 * <p>A server that names its protocols in its {@link SSLParameters} answers CAs over TLS 1.2 and 1.3. One that chooses by
 * a selector, or that has no protocols, answers them over TLS 1.3 only, because Java runs a selector too late for
 * TLS 1.2: the certificate is chosen already. All known CAs speak TLS 1.3.
 *
 * <p>After such a handshake there is nothing to say: a server should close that connection, and need not if it only
 * speaks when spoken to, since the CA closes it.
 */
public final class AcmeTlsProtocol {

    private static final List<String> ASKED_BY_CA = List.of(TlsAlpn01.PROTOCOL);

    private AcmeTlsProtocol() {}

    /** Offers it on a connection; to be called after the server's own protocols are set, before the handshake. */
    public static void offer(SSLEngine engine) {
        BiFunction<SSLEngine, List<String>, String> own = engine.getHandshakeApplicationProtocolSelector();
        SSLParameters parameters = engine.getSSLParameters();
        if (own == null && hasProtocols(parameters)) {
            offer(parameters);
            engine.setSSLParameters(parameters);
        } else {
            engine.setHandshakeApplicationProtocolSelector(beside(own));
        }
    }

    /** Offers it on a connection; to be called after the server's own protocols are set, before the handshake. */
    public static void offer(SSLSocket socket) {
        BiFunction<SSLSocket, List<String>, String> own = socket.getHandshakeApplicationProtocolSelector();
        SSLParameters parameters = socket.getSSLParameters();
        if (own == null && hasProtocols(parameters)) {
            offer(parameters);
            socket.setSSLParameters(parameters);
        } else {
            socket.setHandshakeApplicationProtocolSelector(beside(own));
        }
    }

    /**
     * Offers it in parameters, for all connections of a server. They must name the server's own protocols already: with
     * {@code acme-tls/1} alone, Java would refuse every client that asks for another.
     *
     * @throws IllegalArgumentException if the parameters name no protocol
     */
    public static void offer(SSLParameters parameters) {
        if (!hasProtocols(parameters)) {
            throw new IllegalArgumentException(
                    "set the server's own application protocols first, such as http/1.1, or offer it on each connection");
        }
        List<String> all = new ArrayList<>(List.of(parameters.getApplicationProtocols()));
        if (!all.contains(TlsAlpn01.PROTOCOL)) {
            // Last, because Java takes the server's first that the client has, and only a CA has none of the others.
            all.add(TlsAlpn01.PROTOCOL);
            parameters.setApplicationProtocols(all.toArray(String[]::new));
        }
    }

    private static boolean hasProtocols(SSLParameters parameters) {
        return parameters.getApplicationProtocols().length > 0;
    }

    /** A selector's empty text goes on without a protocol, as Java does for a server that has none. */
    private static <T> BiFunction<T, List<String>, String> beside(@Nullable BiFunction<T, List<String>, String> own) {
        return (connection, asked) -> {
            if (asked.equals(ASKED_BY_CA)) {
                return TlsAlpn01.PROTOCOL;
            }
            return own == null ? "" : own.apply(connection, asked);
        };
    }
}
