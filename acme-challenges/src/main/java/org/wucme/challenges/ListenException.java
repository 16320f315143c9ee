package org.wucme.challenges;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.SocketException;
import java.util.Locale;
import java.util.Objects;

/** A server could not be bound to its port. The message says why, and what an administrator can do about it. */
public final class ListenException extends IOException {

    /** Why a port could not be had. */
    public enum Reason {
        /** Another program listens there. */
        PORT_IN_USE,
        /** The operating system does not let this user listen there; usual for ports below 1024. */
        NO_PERMISSION,
        /** The address belongs to no network interface of this machine, or is no address at all. */
        ADDRESS_NOT_LOCAL,
        /** Something else, which the cause tells. */
        OTHER
    }

    private static final int FIRST_UNPRIVILEGED_PORT = 1024;
    private static final int CONNECT_MILLIS = 200;

    private final Reason reason;
    private final InetSocketAddress address;

    private ListenException(Reason reason, InetSocketAddress address, String advice, Throwable cause) {
        super("cannot listen on " + describe(address) + ": " + advice, cause);
        this.reason = reason;
        this.address = address;
    }

    /**
     * Explains why binding to an address failed.
     *
     * @param address what could not be bound
     * @param otherWays how the challenge can be answered without this port, in words that follow "or"
     * @param cause what the operating system said
     */
    public static ListenException of(InetSocketAddress address, String otherWays, IOException cause) {
        Reason reason = reasonOf(address, cause);
        String advice = switch (reason) {
            case PORT_IN_USE -> "another program uses it: stop that program, or " + otherWays;
            case NO_PERMISSION -> permission(address.getPort()) + ", or " + otherWays;
            case ADDRESS_NOT_LOCAL ->
                address.getHostString() + " is not an address of this machine: give one that it has, or none"
                        + " to listen on all of them";
            case OTHER -> cause.getMessage() + ": mend this, or " + otherWays;
        };
        return new ListenException(reason, address, advice, cause);
    }

    /**
     * The same exception where it is known which program has the port.
     *
     * @param program in words, such as {@code the agent (process 4711)}
     * @param advice what to do about it, in an imperative sentence without a full stop
     */
    public ListenException usedBy(String program, String advice) {
        return new ListenException(reason, address, program + " uses it: " + advice, this);
    }

    /** Why the port could not be had. */
    public Reason reason() {
        return reason;
    }

    /** The port that could not be had. */
    public int port() {
        return address.getPort();
    }

    // The words are the operating system's, in its language: what they do not tell is found out.
    private static Reason reasonOf(InetSocketAddress address, IOException cause) {
        String words = Objects.requireNonNullElse(cause.getMessage(), "").toLowerCase(Locale.ROOT);
        if (address.isUnresolved() || words.contains("assign requested address") || isElsewhere(address.getAddress())) {
            return Reason.ADDRESS_NOT_LOCAL;
        }
        if (words.contains("in use") || isAnswered(address)) {
            return Reason.PORT_IN_USE;
        }
        return words.contains("permission denied") ? Reason.NO_PERMISSION : Reason.OTHER;
    }

    private static boolean isElsewhere(InetAddress address) {
        try {
            return !address.isAnyLocalAddress()
                    && !address.isLoopbackAddress()
                    && NetworkInterface.getByInetAddress(address) == null;
        } catch (SocketException e) {
            return false;
        }
    }

    private static boolean isAnswered(InetSocketAddress address) {
        InetAddress host =
                address.getAddress().isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : address.getAddress();
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(host, address.getPort()), CONNECT_MILLIS);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static String permission(int port) {
        if (port >= FIRST_UNPRIVILEGED_PORT) {
            return "no permission: allow it in the security policy of this system";
        }
        return "no permission, as for all ports below " + FIRST_UNPRIVILEGED_PORT + ": run as root, grant"
                + " CAP_NET_BIND_SERVICE (AmbientCapabilities= in systemd), set sysctl"
                + " net.ipv4.ip_unprivileged_port_start=" + port;
    }

    private static String describe(InetSocketAddress address) {
        boolean everywhere = !address.isUnresolved() && address.getAddress().isAnyLocalAddress();
        return (everywhere ? "" : address.getHostString() + " ") + "port " + address.getPort();
    }
}
