package org.wucme.manage;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.wucme.acme.AcmeClient;
import org.wucme.acme.Ca;
import org.wucme.acme.DirectoryCache;

/** One client for each CA, made when it is needed first. */
final class Clients implements AutoCloseable {

    private final Map<String, Ca> known;
    private final Function<Ca, AcmeClient> connect;
    private final DirectoryCache directories;
    private final Map<Ca, AcmeClient> clients = new ConcurrentHashMap<>();
    private volatile boolean isClosed;

    /**
     * Made by {@code connect}, each with its directory in a cache, unless it has another one.
     *
     * @param known the CAs that were passed in, by their URLs
     */
    Clients(Map<String, Ca> known, Function<Ca, AcmeClient> connect, DirectoryCache directories) {
        this.known = new ConcurrentHashMap<>(known);
        this.connect = connect;
        this.directories = directories;
    }

    /** Notes a CA that was passed in, for what a store has of it, unless another one with its URL was passed in earlier. */
    void know(Ca ca) {
        known.putIfAbsent(ca.directoryUrl(), ca);
    }

    // One of which nothing is known but its URL, as it comes from a store, stands for the one that was passed in.
    private Ca passedIn(Ca ca) {
        Ca passed = known.get(ca.directoryUrl());
        return passed != null && ca.equals(Ca.of(ca.directoryUrl())) ? passed : ca;
    }

    /**
     * The client of the CA with a URL.
     *
     * @throws IllegalStateException if all are closed
     */
    AcmeClient at(String directoryUrl) {
        Ca passed = known.get(directoryUrl);
        return clientOf(passed == null ? Ca.of(directoryUrl) : passed);
    }

    /**
     * The client of a CA.
     *
     * @throws IllegalStateException if all are closed
     */
    AcmeClient at(Ca ca) {
        return clientOf(passedIn(ca));
    }

    private AcmeClient clientOf(Ca ca) {
        requireOpen();
        AcmeClient present = clients.get(ca);
        if (present != null) {
            return present;
        }
        // Not computeIfAbsent: connecting may read files, and the map would be locked meanwhile.
        AcmeClient connected = connect.apply(ca);
        connected.keepDirectoryIn(directories);
        AcmeClient earlier = clients.putIfAbsent(ca, connected);
        if (isClosed || earlier != null) {
            connected.close();
        }
        requireOpen();
        return earlier == null ? connected : earlier;
    }

    boolean areClosed() {
        return isClosed;
    }

    private void requireOpen() {
        if (isClosed) {
            throw new IllegalStateException("the certificate manager is closed");
        }
    }

    @Override
    public void close() {
        isClosed = true;
        clients.values().forEach(AcmeClient::close);
    }
}
