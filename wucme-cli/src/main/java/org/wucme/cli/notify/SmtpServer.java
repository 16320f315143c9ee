package org.wucme.cli.notify;

import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The server that takes mail from us.
 *
 * @param security how the way there is protected
 * @param user who we are there; null if it does not ask
 * @param password null if there is no user
 */
record SmtpServer(
        Security security,
        String host,
        int port,
        @Nullable String user,
        @Nullable String password) {

    /** How the way there is protected. */
    enum Security {
        /** Not at all. */
        PLAIN,
        /** TLS after a STARTTLS command (RFC 3207); without it, nothing is sent. */
        STARTTLS,
        /** TLS from the first byte on (RFC 8314). */
        TLS
    }

    private static final Map<String, Integer> PORTS = Map.of("smtp", 25, "smtp+starttls", 587, "smtps", 465);

    /**
     * Reads {@code smtp://HOST}, {@code smtp+starttls://USER@HOST:PORT} or {@code smtps://USER@HOST}.
     *
     * @throws IllegalArgumentException if it is none, or the password is missing or would be sent for all to read
     */
    static SmtpServer parse(String url, @Nullable String password) {
        ServerUrl server = ServerUrl.parse("mail server", url, PORTS);
        Security security = switch (server.scheme()) {
            case "smtps" -> Security.TLS;
            case "smtp+starttls" -> Security.STARTTLS;
            default -> Security.PLAIN;
        };
        if (server.user() == null) {
            return new SmtpServer(security, server.host(), server.port(), null, null);
        }
        if (password == null || password.isEmpty()) {
            throw new IllegalArgumentException("the password of " + server.user() + " at the mail server is missing;"
                    + " set WUCME_SMTP_PASSWORD, or WUCME_SMTP_PASSWORD_FILE to a file with nothing else in it");
        }
        if (security == Security.PLAIN && !isThisMachine(server.host())) {
            throw new IllegalArgumentException("the password of " + server.user() + " would go to " + server.host()
                    + " for all to read; use smtp+starttls:// or smtps:// in the place of smtp://");
        }
        return new SmtpServer(security, server.host(), server.port(), server.user(), password);
    }

    private static boolean isThisMachine(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    /** Whether the user is a mailbox, as at most providers. */
    boolean hasMailbox() {
        return user != null && MailAddresses.isWithHost(user);
    }

    /** This machine's address on the way there, in the form of a domain (RFC 5321 section 4.1.3). */
    String literalOfClient() {
        String address = addressOfClient().getHostAddress().replaceFirst("%.*", "");
        return address.contains(":") ? "[IPv6:" + address + "]" : "[" + address + "]";
    }

    private InetAddress addressOfClient() {
        try (DatagramSocket socket = new DatagramSocket()) {
            // Sends nothing, but has the system choose a way.
            socket.connect(new InetSocketAddress(host, port));
            return socket.getLocalAddress();
        } catch (SocketException e) {
            return InetAddress.getLoopbackAddress(); // connecting will say why there is no way
        }
    }

    /** Without the password. */
    @Override
    public String toString() {
        return host + ":" + port + (security == Security.PLAIN ? "" : " (" + security + ")");
    }
}
