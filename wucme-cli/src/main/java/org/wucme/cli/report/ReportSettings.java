package org.wucme.cli.report;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link ReportServer} reports on, and to whom. Immutable.
 *
 * @param address where it listens; port 0 lets the system choose
 * @param pathPrefix what a server in front puts before the paths of the report, such as wµCME's {@code /cgi-bin/wucme}; {@code
 *     /} if nothing. Without it, they are there too
 * @param hostNames names by which it is asked, beside {@code localhost}, addresses, and the name of this host
 * @param password what must be known to read it; null for everybody, which only a loopback address allows
 * @param tls makes it HTTPS; null for HTTP
 * @param status what is reported on
 * @param clock tells the time, and the zone in which it is shown
 * @param host the name of this machine
 * @param version of this program
 * @param manager tells what came of the managers of this process
 * @param log tells the latest lines of the log, the newest last
 * @param checks what may be tried by hand, by the name in its URL
 */
public record ReportSettings(
        InetSocketAddress address,
        String pathPrefix,
        Set<String> hostNames,
        @Nullable Password password,
        @Nullable SSLContext tls,
        StatusSource status,
        Clock clock,
        String host,
        String version,
        Supplier<ManagerState> manager,
        Supplier<List<String>> log,
        Map<String, Check> checks) {

    /** Where it listens unless told otherwise. */
    public static final int DEFAULT_PORT = 8089;

    public ReportSettings {
        Objects.requireNonNull(address, "address");
        pathPrefix = pathPrefix.replaceFirst("/+$", "");
        hostNames = Set.copyOf(hostNames);
        // In the order given: the page shows them so.
        checks = Collections.unmodifiableMap(new LinkedHashMap<>(checks));
        for (String name : checks.keySet()) {
            if (!name.matches("[a-z0-9-]+")) {
                throw new IllegalArgumentException("\"" + name + "\" cannot be part of a URL as it is");
            }
        }
    }

    /** The loopback address with this port. */
    public static InetSocketAddress loopback(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }
}
