package org.wucme.cli;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.wucme.acme.challenge.ChallengeSolver;
import org.wucme.challenges.http.Http01Server;
import org.wucme.challenges.http.Webroot;
import org.wucme.challenges.tlsalpn.TlsAlpn01Server;
import picocli.CommandLine.Option;

/** How challenges are answered: on which ports, or in which folder. */
final class ChallengeOptions {

    @Option(
            names = "--http-port",
            converter = Port.class,
            paramLabel = "PORT",
            defaultValue = "80",
            description = "Where http-01 is answered (default: ${DEFAULT-VALUE}); CAs ask port 80.")
    int httpPort = Http01Server.DEFAULT_PORT;

    @Option(
            names = "--tls-port",
            converter = Port.class,
            paramLabel = "PORT",
            defaultValue = "443",
            description = "Where tls-alpn-01 is answered (default: ${DEFAULT-VALUE}); CAs ask port 443.")
    int tlsPort = TlsAlpn01Server.DEFAULT_PORT;

    @Option(
            names = "--webroot",
            paramLabel = "DIR",
            description = "Root folder of a web server that runs already: http-01 is answered by files in it.")
    @Nullable
    Path webroot;

    /** One solver for each type of challenge; their ports are taken only while a challenge is there. */
    List<ChallengeSolver> solvers() {
        return List.of(httpSolver(), TlsAlpn01Server.whileNeeded(new InetSocketAddress(tlsPort)));
    }

    /** What answers http-01. */
    ChallengeSolver httpSolver() {
        Path root = webroot;
        return root != null ? new Webroot(root) : Http01Server.whileNeeded(new InetSocketAddress(httpPort));
    }
}
