package org.wucme.acme.internal.jca;

import java.net.Socket;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.StandardConstants;
import org.jspecify.annotations.Nullable;

/**
 * What a TLS engine shows of a handshake when it asks a key manager for a certificate. Java's own shows the name and the
 * application protocol that the client asks for; others only the name, and what is optional in JSSE throws.
 *
 * @param engine the class of the engine or socket; for messages
 * @param sendsName whether the client sent a name (SNI, RFC 6066 section 3)
 * @param serverName that name in lower case, without a dot at its end; null if there is none, or none that a host can have
 * @param protocol the application protocol agreed on (ALPN, RFC 7301), empty if there will be none; null if the engine does
 *     not say
 * @param hidesProtocol whether this engine never says
 */
public record Handshake(
        String engine,
        boolean sendsName,
        @Nullable String serverName,
        @Nullable String protocol,
        boolean hidesProtocol) {

    /** Of a socket that is not TLS, or of none, nothing is shown. */
    public static Handshake of(@Nullable Socket socket) {
        return socket instanceof SSLSocket tls
                ? of(tls, shown(tls::getHandshakeSession), shown(tls::getHandshakeApplicationProtocol))
                : of(socket, null, null);
    }

    /** Of no engine, nothing is shown. */
    public static Handshake of(@Nullable SSLEngine engine) {
        return engine == null
                ? of(null, null, null)
                : of(engine, shown(engine::getHandshakeSession), shown(engine::getHandshakeApplicationProtocol));
    }

    private static Handshake of(@Nullable Object connection, @Nullable SSLSession session, @Nullable String protocol) {
        // Java's own says it late in one case: to a server that chooses by a selector, over TLS 1.2.
        boolean isJavas = session != null && Jca.isOfPlatform(session);
        String engine = connection == null ? "unknown" : connection.getClass().getName();
        Name name = session instanceof ExtendedSSLSession extended ? name(extended) : Name.NONE;
        return new Handshake(engine, name.isSent, name.text, protocol, protocol == null && !isJavas);
    }

    private static <T> @Nullable T shown(Supplier<@Nullable T> optional) {
        try {
            return optional.get();
        } catch (UnsupportedOperationException e) {
            return null;
        }
    }

    private static Name name(ExtendedSSLSession session) {
        try {
            return name(session.getRequestedServerNames());
        } catch (UnsupportedOperationException e) {
            return Name.NONE;
        } catch (IllegalArgumentException e) {
            // BCJSSE and Conscrypt, for a name that ends in a dot, say.
            return Name.UNREADABLE;
        }
    }

    private static Name name(List<SNIServerName> names) {
        for (SNIServerName name : names) {
            if (name.getType() == StandardConstants.SNI_HOST_NAME) {
                return hostName(name.getEncoded());
            }
        }
        return names.isEmpty() ? Name.NONE : Name.UNREADABLE;
    }

    /** Netty with OpenSSL shows octets where they are no name by the rules, as is one that ends in a dot. */
    private static Name hostName(byte[] octets) {
        int end = octets.length - 1;
        boolean hasDot = end >= 0 && octets[end] == '.';
        try {
            SNIHostName host = new SNIHostName(hasDot ? Arrays.copyOf(octets, end) : octets);
            return new Name(true, host.getAsciiName().toLowerCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            return Name.UNREADABLE;
        }
    }

    private record Name(boolean isSent, @Nullable String text) {

        static final Name NONE = new Name(false, null);
        static final Name UNREADABLE = new Name(true, null);
    }
}
