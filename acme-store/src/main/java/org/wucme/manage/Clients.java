package org.wucme.manage;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.wucme.acme.AcmeClient;
import org.wucme.acme.Ca;

/** One client for each CA, made when it is needed first. */
final class Clients implements AutoCloseable {

    private final Function<Ca, AcmeClient> connect;
    private final Map<String, AcmeClient> clients = new ConcurrentHashMap<>();

    Clients(Function<Ca, AcmeClient> connect) {
        this.connect = connect;
    }

    AcmeClient at(String directoryUrl) {
        AcmeClient present = clients.get(directoryUrl);
        if (present != null) {
            return present;
        }
        // Not computeIfAbsent: connecting may read files, and the map would be locked meanwhile.
        AcmeClient connected = connect.apply(Ca.of(directoryUrl));
        AcmeClient earlier = clients.putIfAbsent(directoryUrl, connected);
        if (earlier == null) {
            return connected;
        }
        connected.close();
        return earlier;
    }

    @Override
    public void close() {
        clients.values().forEach(AcmeClient::close);
    }
}
