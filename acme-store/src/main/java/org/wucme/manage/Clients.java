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
    private final Map<String, AcmeClient> clients = new ConcurrentHashMap<>();
    private volatile boolean isClosed;

    /**
     * Made by {@code connect}, each with its directory in a cache, unless it has another one.
     *
     * @param known the CAs of which more is known than their URL, by that
     */
    Clients(Map<String, Ca> known, Function<Ca, AcmeClient> connect, DirectoryCache directories) {
        this.known = Map.copyOf(known);
        this.connect = connect;
        this.directories = directories;
    }

    /**
     * The client of a CA.
     *
     * @throws IllegalStateException if all are closed
     */
    AcmeClient at(String directoryUrl) {
        requireOpen();
        AcmeClient present = clients.get(directoryUrl);
        if (present != null) {
            return present;
        }
        // Not computeIfAbsent: connecting may read files, and the map would be locked meanwhile.
        Ca ca = known.get(directoryUrl);
        AcmeClient connected = connect.apply(ca != null ? ca : Ca.of(directoryUrl));
        connected.keepDirectoryIn(directories);
        AcmeClient earlier = clients.putIfAbsent(directoryUrl, connected);
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
