package org.wucme.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.wucme.acme.Identifier;
import org.wucme.acme.challenge.ChallengeSolver;
import org.wucme.acme.challenge.ChallengeStore;
import org.wucme.acme.challenge.Http01;
import org.wucme.acme.challenge.TlsAlpn01;
import org.wucme.acme.internal.files.OpenFolder;
import org.wucme.challenges.ConnectionLimits;
import org.wucme.challenges.ListenException;
import org.wucme.challenges.http.Http01Responder;
import org.wucme.challenges.http.Http01Server;
import org.wucme.challenges.http.Webroot;
import org.wucme.challenges.tlsalpn.TlsAlpn01Responder;
import org.wucme.challenges.tlsalpn.TlsAlpn01Server;
import org.wucme.cli.agent.SolverOpener;
import org.wucme.store.file.FileStore;
import picocli.CommandLine.Option;

/** How challenges are answered: on which ports, or in which folder. */
final class ChallengeOptions {

    private static final String SHARED = "WUCME_CHALLENGES";
    private static final List<Identifier> ANY_NAME = List.of(Identifier.of("localhost"));

    @Option(
            names = "--http-port",
            converter = Port.class,
            paramLabel = "PORT",
            defaultValue = "80",
            description = "Where http-01 is answered (default: ${DEFAULT-VALUE}); CAs ask port 80.")
    int httpPort = Http01Server.DEFAULT_PORT;

    @Option(
            names = "--http-bind",
            paramLabel = "ADDRESS",
            description = "The address of this machine where http-01 is answered (default: all).")
    @Nullable
    InetAddress httpBind;

    @Option(
            names = "--http-path-prefix",
            paramLabel = "PATH",
            defaultValue = "/",
            description = {
                "What a web server in front puts before /.well-known/acme-challenge/ when it redirects CAs here, or"
                        + " forwards what they ask, such as /cgi-bin/wucme; the report's pages are below it too (default:"
                        + " ${DEFAULT-VALUE})."
            })
    String httpPathPrefix = "/";

    @Option(
            names = "--tls-port",
            converter = Port.class,
            paramLabel = "PORT",
            defaultValue = "443",
            description = "Where tls-alpn-01 is answered (default: ${DEFAULT-VALUE}); CAs ask port 443.")
    int tlsPort = TlsAlpn01Server.DEFAULT_PORT;

    @Option(
            names = "--tls-bind",
            paramLabel = "ADDRESS",
            description = "The address of this machine where tls-alpn-01 is answered (default: all).")
    @Nullable
    InetAddress tlsBind;

    @Option(
            names = "--max-connections",
            paramLabel = "N",
            description = "Connections that each server for challenges or the report holds; then a new one replaces the"
                    + " oldest of the client address with the most (default: 4096, or a quarter of the open files"
                    + " that this process may have, if that is less).")
    @Nullable
    Integer maxConnections;

    @Option(
            names = "--webroot",
            paramLabel = "DIR",
            description = "Root folder of a web server that runs already: http-01 is answered by files in it.")
    @Nullable
    Path webroot;

    /** One solver for each type of challenge; their ports are taken only while a challenge is there. */
    List<ChallengeSolver> solvers(Globals globals) {
        return List.of(httpSolver(globals), tlsSolver(globals));
    }

    /** What answers http-01. */
    ChallengeSolver httpSolver(Globals globals) {
        Path root = webroot;
        if (root != null) {
            return new Webroot(root);
        }
        return sharedHttp(globals);
    }

    private SharedHttp01 sharedHttp(Globals globals) {
        Http01Server server = Http01Server.whileNeeded(httpAddress(), http(), limits());
        return new SharedHttp01(server, sharedFolder(globals), httpAddress(), PortOwner.of(globals));
    }

    /**
     * As {@link #solvers}, but for those whose ports are kept once the agent opens them.
     *
     * @param kept types of challenges, whose ports these are
     * @param answers what other processes want to be answered there
     */
    List<SolverOpener> openers(Set<String> kept, Globals globals, ChallengeStore answers) {
        PortOwner owner = PortOwner.of(globals);
        return List.of(
                opener(
                        kept.contains(Http01.TYPE),
                        kept(() -> openHttp(globals, http().sharedBy(answers)), owner),
                        () -> httpSolver(globals)),
                opener(kept.contains(TlsAlpn01.TYPE), kept(() -> openTls(answers), owner), () -> tlsSolver(globals)));
    }

    private static SolverOpener opener(boolean isKept, SolverOpener open, SolverOpener whileNeeded) {
        return isKept ? () -> new KeptSolver(open, whileNeeded.open()) : whileNeeded;
    }

    private static SolverOpener kept(SolverOpener open, PortOwner owner) {
        return () -> {
            try {
                return open.open();
            } catch (ListenException e) {
                throw owner.explainToAgent(e, "of the agents of a folder, the active one has the port");
            }
        };
    }

    private ChallengeSolver openTls(ChallengeStore answers) throws IOException {
        return TlsAlpn01Server.open(tlsAddress(), new TlsAlpn01Responder().sharedBy(answers), limits());
    }

    private Http01Responder http() {
        return Http01Responder.below(httpPathPrefix);
    }

    /** A server for http-01 that listens at once, and answers for other processes, too. */
    Http01Server openHttp(Globals globals) throws IOException {
        return openHttp(globals, http());
    }

    private Http01Server openHttp(Globals globals, Http01Responder alone) throws IOException {
        Path shared = sharedFolder(globals);
        Http01Responder responder = alone;
        if (Files.isDirectory(globals.here())) {
            FolderOwner.require(globals.here());
            try (OpenFolder folder = OpenFolder.open(globals.here())) {
                folder.create(SHARED, "rwxr-xr-x");
            }
            responder = responder.sharedBy(new Webroot(shared));
        }
        return Http01Server.open(httpAddress(), responder, limits());
    }

    private static Path sharedFolder(Globals globals) {
        return globals.here().resolve(SHARED);
    }

    /**
     * Finds out whether a challenge could be answered here now, by us or by the agent of the folder.
     *
     * @throws ListenException why the port cannot be had
     * @throws IOException if another program has it, and an agent cannot be given anything to answer
     */
    void requirePort(String type, Globals globals) throws IOException {
        ChallengeSolver solver = type.equals(TlsAlpn01.TYPE) ? tlsSolver(globals) : sharedHttp(globals);
        solver.check(ANY_NAME);
    }

    /** The port of a challenge. */
    int port(String type) {
        return type.equals(TlsAlpn01.TYPE) ? tlsPort : httpPort;
    }

    private ChallengeSolver tlsSolver(Globals globals) {
        TlsAlpn01Server server = TlsAlpn01Server.whileNeeded(tlsAddress(), new TlsAlpn01Responder(), limits());
        return new SharedTlsAlpn01(server, tlsAddress(), PortOwner.of(globals), () -> storedAnswers(globals));
    }

    private static Optional<ChallengeStore> storedAnswers(Globals globals) throws IOException {
        return Files.isDirectory(globals.here())
                ? Optional.of(FileStore.open(globals.here()).answers())
                : Optional.empty();
    }

    /**
     * How many connections a server holds.
     *
     * @throws IllegalArgumentException if it could hold none
     */
    ConnectionLimits limits() {
        ConnectionLimits defaults = ConnectionLimits.defaults();
        return maxConnections == null ? defaults : defaults.withConnections(maxConnections);
    }

    /** Where tls-alpn-01 is answered. */
    InetSocketAddress tlsAddress() {
        return address(tlsBind, tlsPort);
    }

    private InetSocketAddress httpAddress() {
        return address(httpBind, httpPort);
    }

    private static InetSocketAddress address(@Nullable InetAddress address, int port) {
        return address == null ? new InetSocketAddress(port) : new InetSocketAddress(address, port);
    }
}
