package org.wucme.cli;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A real nginx with one server, which keeps all its files in a folder of ours. */
final class Nginx implements AutoCloseable {

    private static final Pattern PORT = Pattern.compile("listen 127\\.0\\.0\\.1:([0-9]+);");
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Process process;

    private Nginx(Process process) {
        this.process = process;
    }

    /** The program, if it is installed. */
    static Optional<Path> find() {
        return Stream.of((System.getenv("PATH") + ":/usr/sbin").split(File.pathSeparator))
                .map(folder -> Path.of(folder, "nginx"))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Whether its absence is a failure. */
    static boolean isRequired() {
        return Boolean.parseBoolean(System.getenv("WUCME_REQUIRE_NGINX"));
    }

    /** Starts it, and returns when it listens on its port of 127.0.0.1. */
    static Nginx start(Path folder, String server) throws IOException {
        Path program = find().orElseThrow(() -> new IllegalStateException("nginx is not installed"));
        Files.createDirectories(folder);
        Path configuration = Files.writeString(folder.resolve("nginx.conf"), """
                daemon off;
                master_process off;
                pid nginx.pid;
                error_log stderr;
                events {}
                http {
                  access_log off;
                  client_body_temp_path body;
                  proxy_temp_path proxy;
                  fastcgi_temp_path fastcgi;
                  uwsgi_temp_path uwsgi;
                  scgi_temp_path scgi;
                  server {
                    %s
                  }
                }
                """.formatted(server));
        Process process = new ProcessBuilder(
                        program.toString(), "-p", folder.toString(), "-c", configuration.toString(), "-e", "stderr")
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("output").toFile())
                .start();
        Nginx nginx = new Nginx(process);
        Matcher port = PORT.matcher(server);
        if (!port.find() || !nginx.awaitPort(Integer.parseInt(port.group(1)))) {
            nginx.close();
            throw new IOException("nginx does not listen: " + Files.readString(folder.resolve("output")));
        }
        return nginx;
    }

    private boolean awaitPort(int port) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (process.isAlive() && System.nanoTime() < end) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return socket.isConnected();
            } catch (IOException e) {
                LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
            }
        }
        return false;
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
