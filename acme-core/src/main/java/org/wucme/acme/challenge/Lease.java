package org.wucme.acme.challenge;

/**
 * The right to do something alone, among all threads, processes and nodes that share a store. It is held until it is closed
 * or lost: a lease that is not renewed in time, since the process was paused or the store could not be reached, passes to
 * the next claimant. Thread-safe; none of the methods does I/O but {@link #close}.
 *
 * <p>What each name protects:
 *
 * <ul>
 *   <li>{@code certificate/NAME}: the attempts for one certificate, and the parts of it that an attempt writes
 *   <li>{@code deploy/NAME}: the deployments of one certificate
 *   <li>{@code account/URL}: registration and key change at one CA
 *   <li>{@code active}: the role of the active manager
 *   <li>{@code identifier/NAME}: the tls-alpn-01 answer for one identifier, while it is presented
 *   <li>{@code dns/ZONE}: changes of one DNS zone
 * </ul>
 */
public interface Lease extends AutoCloseable {

    /** What is leased, such as {@code certificate/www.example.org}. */
    String name();

    /** The fencing token: larger with every claim of the same name, also by the same owner. */
    long token();

    /**
     * Whether the lease is still held, by this machine's own measure of time, which is on the safe side. To be asked before
     * anything that cannot be undone; once false, it stays false.
     */
    boolean isHeld();

    /**
     * Registers what is done when the lease is lost: once at most, in a thread of the store's, so it must be quick; at once,
     * in this thread, if it is lost already. A lease that is closed is not lost.
     */
    void onLost(Runnable action);

    /** Gives the lease back; does nothing if it is lost or closed already. If the store cannot be reached, it expires. */
    @Override
    void close();
}
