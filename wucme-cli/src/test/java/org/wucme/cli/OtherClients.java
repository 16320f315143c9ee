package org.wucme.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.wucme.acme.pki.Pem;
import org.wucme.testing.Pebble;

/** certbot, lego and uacme as they are installed on this machine, which get their certificates from a Pebble. */
final class OtherClients {

    static final List<String> PROGRAMS = List.of("certbot", "lego", "uacme");

    private static final String HOOK = """
            #!/bin/sh
            [ "$2" = http-01 ] || exit 1
            case $1 in
              begin) printf %s "$5" >"$WEBROOT/$4" ;;
              *) rm -f "$WEBROOT/$4" ;;
            esac
            """;

    private final Pebble pebble;
    private final Path folder;
    private final Path trusted;

    OtherClients(Pebble pebble, Path folder) throws IOException {
        this.pebble = pebble;
        this.folder = folder;
        this.trusted = Files.createDirectories(folder.resolve("trusted-root")).resolve("root.pem");
        Files.writeString(trusted, Pem.encode(List.of(pebble.tlsRoot())));
    }

    /** Where a program is, if it is installed. */
    static boolean isInstalled(String program) {
        return Stream.of(System.getenv("PATH").split(":")).anyMatch(path -> Files.isExecutable(Path.of(path, program)));
    }

    /** certbot's folder, with one certificate of that name for these hosts, proven by http-01. */
    Path certbot(String name, String... hosts) throws Exception {
        Path made = folder.resolve("certbot");
        run(
                Map.of("REQUESTS_CA_BUNDLE", trusted.toString()),
                words(
                        "certbot certonly --standalone --non-interactive --agree-tos --no-eff-email -m a@example.test",
                        "--server " + pebble.directoryUrl() + " --http-01-port " + pebble.httpPort(),
                        "--config-dir " + made + " --work-dir " + folder.resolve("work"),
                        "--logs-dir " + folder.resolve("logs") + " --cert-name " + name,
                        "-d " + String.join(",", hosts)));
        return made;
    }

    /** lego's folder, with one certificate, proven by tls-alpn-01. */
    Path lego(String... hosts) throws Exception {
        Path made = folder.resolve("lego");
        run(
                Map.of("LEGO_CA_CERTIFICATES", trusted.toString()),
                words(
                        "lego --accept-tos --email b@example.test --server " + pebble.directoryUrl(),
                        "--path " + made + " --tls --tls.port :" + pebble.tlsPort(),
                        "-d " + String.join(" -d ", hosts) + " run"));
        return made;
    }

    /**
     * uacme's folder, with one certificate for an address, proven by http-01: of what Pebble offers for a name, this uacme
     * does not understand everything.
     */
    Path uacme(String address) throws Exception {
        Path made = folder.resolve("uacme");
        Path challenges = Files.createDirectories(folder.resolve("www"));
        Path hook = Files.writeString(folder.resolve("hook"), HOOK);
        assertThat(hook.toFile().setExecutable(true)).isTrue();
        Map<String, String> environment =
                Map.of("LD_LIBRARY_PATH", libraryThatTrustsPebble().toString(), "WEBROOT", challenges.toString());
        String common = "uacme -y -t EC -c " + made + " -h " + hook + " -a " + pebble.directoryUrl() + " ";
        HttpServer server = server(challenges);
        try {
            run(environment, words(common + "new c@example.test"));
            run(environment, words(common + "issue " + address));
        } finally {
            server.stop(0);
        }
        return made;
    }

    private HttpServer server(Path files) throws IOException {
        HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), pebble.httpPort()), 0);
        server.createContext("/.well-known/acme-challenge/", exchange -> {
            String path = exchange.getRequestURI().getPath();
            byte[] answer = Files.readAllBytes(files.resolve(path.substring(path.lastIndexOf('/') + 1)));
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        server.start();
        return server;
    }

    // No option and no variable tells this library whom to trust: a copy of it looks in another folder.
    private Path libraryThatTrustsPebble() throws Exception {
        Path original = Path.of(curl());
        String library = Files.readString(original, StandardCharsets.ISO_8859_1);
        String patched = library.replace("/etc/ssl/certs\0", "./trusted-root\0");
        assertThat(patched).as(original.toString()).isNotEqualTo(library);
        Path copies = Files.createDirectories(folder.resolve("lib"));
        Files.writeString(copies.resolve(String.valueOf(original.getFileName())), patched, StandardCharsets.ISO_8859_1);
        return copies;
    }

    private String curl() throws Exception {
        Path uacme = Stream.of(System.getenv("PATH").split(":"))
                .map(path -> Path.of(path, "uacme"))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow();
        Matcher library =
                Pattern.compile("libcurl\\S* => (\\S+)").matcher(run(Map.of(), List.of("ldd", uacme.toString())));
        assertThat(library.find()).isTrue();
        return library.group(1);
    }

    private static List<String> words(String... lines) {
        return Arrays.stream(lines)
                .flatMap(line -> Arrays.stream(line.split(" ")))
                .toList();
    }

    private String run(Map<String, String> environment, List<String> command) throws Exception {
        Path output = Files.createTempFile(folder, "output", "");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).as(command.get(0)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        String said = Files.readString(output);
        assertThat(process.exitValue()).as(command.get(0) + ": " + said).isZero();
        return said;
    }
}
