package org.wucme.cli.agent;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;
import org.wucme.acme.AcmeClient;
import org.wucme.acme.Ca;
import org.wucme.cli.notify.NotifySettings;
import org.wucme.manage.Deployment;
import org.wucme.store.MaintenanceWindow;
import org.wucme.store.file.FileStore;

/**
 * What an agent does, and how. Immutable.
 *
 * @param store what it takes care of
 * @param connect how to reach a CA
 * @param solvers what answers challenges, tried in this order
 * @param loadActions what is done with each certificate that was stored, by name, in this order
 * @param notices whom to tell
 * @param http the client for all but CAs
 * @param isAlwaysActive whether it is active whoever else is
 * @param maintenanceWindow when certificates are renewed; null for any time
 * @param report shows how things stand; null if nobody is shown
 */
public record AgentSettings(
        FileStore store,
        Function<Ca, AcmeClient> connect,
        List<SolverOpener> solvers,
        Map<String, Deployment> loadActions,
        NotifySettings notices,
        Supplier<OkHttpClient> http,
        boolean isAlwaysActive,
        @Nullable MaintenanceWindow maintenanceWindow,
        @Nullable ReportOpener report) {

    public AgentSettings {
        Objects.requireNonNull(store, "store");
        solvers = List.copyOf(solvers);
    }
}
