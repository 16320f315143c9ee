package org.wucme.cli;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.wucme.acme.pki.Pem;

/** A real Caddy whose {@code acme_server} is a CA, with step-ca inside; it keeps all its files in a folder of ours. */
final class Caddy implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String ROOT = "storage/pki/authorities/local/root.crt";

    private final Process process;
    private final Path folder;
    private final int port;

    private Caddy(Process process, Path folder, int port) {
        this.process = process;
        this.folder = folder;
        this.port = port;
    }

    /** The program, if it is installed, or named by the environment variable {@code CADDY}. */
    static Optional<Path> find() {
        return Stream.concat(
                        Stream.ofNullable(System.getenv("CADDY")).map(Path::of),
                        Stream.of(System.getenv("PATH").split(File.pathSeparator))
                                .map(path -> Path.of(path, "caddy")))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Whether its absence is a failure. */
    static boolean isRequired() {
        return Boolean.parseBoolean(System.getenv("WUCME_REQUIRE_CADDY"));
    }

    /** Starts it, and returns when it has made itself a CA. */
    static Caddy start(Path folder) throws IOException {
        Path program = find().orElseThrow(() -> new IllegalStateException("caddy is not installed"));
        int port = User.freePort();
        Path configuration =
                Files.writeString(folder.resolve("Caddyfile"), """
                {
                    admin off
                    auto_https disable_redirects
                    skip_install_trust
                    storage file_system %s
                }
                https://localhost:%d {
                    bind 127.0.0.1
                    tls internal
                    acme_server
                }
                """.formatted(folder.resolve("storage"), port));
        ProcessBuilder builder = new ProcessBuilder(
                        program.toString(), "run", "--adapter", "caddyfile", "--config", configuration.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("output").toFile());
        builder.environment().put("HOME", folder.toString());
        Caddy caddy = new Caddy(builder.start(), folder, port);
        try {
            caddy.awaitRoot();
            return caddy;
        } catch (IOException e) {
            caddy.close();
            throw e;
        }
    }

    private void awaitRoot() throws IOException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!folder.resolve(ROOT).toFile().exists()) {
            if (!process.isAlive() || System.nanoTime() > end) {
                throw new IOException("caddy makes no CA of itself: " + output());
            }
            LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
        }
    }

    /** A user of this CA, once it answers. */
    User user() throws IOException {
        User user = User.of(directoryUrl(), root(), Files.createDirectories(folder.resolve("user")));
        long end = System.nanoTime() + PATIENCE.toNanos();
        User.Run run = user.wucme("check", "ca");
        while (run.exit() != 0 && System.nanoTime() < end) {
            run = user.wucme("check", "ca");
        }
        if (run.exit() != 0) {
            throw new IOException("caddy does not answer: " + run + output());
        }
        return user;
    }

    private String directoryUrl() {
        return "https://localhost:" + port + "/acme/local/directory";
    }

    private X509Certificate root() throws IOException {
        return Pem.certificates(Files.readString(folder.resolve(ROOT))).get(0);
    }

    /** What it has printed. */
    String output() throws IOException {
        return Files.readString(folder.resolve("output"));
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
