package org.wucme.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.wucme.acme.pki.Pem;
import org.wucme.testing.ca.TestCa;

/** Somebody who types {@code wucme …}, with a folder and environment of their own. Immutable. */
final class User {

    private final Path here;
    private final Map<String, String> environment;

    private User(Path here, Map<String, String> environment) {
        this.here = here;
        this.environment = environment;
    }

    /**
     * A port that is free now, for those who must be told one before it is taken. From below the range out of which the
     * kernel serves those who ask for any port, so that no connection or server has it by then.
     */
    static int freePort() {
        return ThreadLocalRandom.current()
                .ints(15_000, 32_000)
                .limit(1_000)
                .filter(User::isFree)
                .findFirst()
                .orElseThrow();
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port)) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }

    /** What one run gave. */
    record Run(int exit, String out, String err) {

        List<String> outLines() {
            return out.lines().toList();
        }
    }

    /** A user of nothing yet. */
    static User in(Path folder) {
        return new User(folder, Map.of()).with("WUCME_HERE", folder.toString());
    }

    /** A user of this CA, who trusts it, and whose responders take any free port. */
    static User of(String directoryUrl, X509Certificate tlsRoot, Path folder) {
        try {
            Path bundle = Files.createTempFile(folder, "root", ".pem");
            Files.writeString(bundle, Pem.encode(List.of(tlsRoot)));
            return in(folder.resolve("here"))
                    .with("WUCME_CA", directoryUrl)
                    .with("WUCME_CA_BUNDLE", bundle.toString())
                    .with("WUCME_HTTP_PORT", "0")
                    .with("WUCME_TLS_PORT", "0");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static User of(TestCa ca, Path folder) {
        return of(ca.directoryUrl(), ca.tlsRoot(), folder);
    }

    User with(String variable, String value) {
        Map<String, String> more = new HashMap<>(environment);
        more.put(variable, value);
        return new User(here, Map.copyOf(more));
    }

    User without(String variable) {
        Map<String, String> less = new HashMap<>(environment);
        less.remove(variable);
        return new User(here, Map.copyOf(less));
    }

    /** Has an account, too. */
    User registered() {
        Run run = wucme("register", "--agree-tos");
        if (run.exit != 0) {
            throw new AssertionError(run.toString());
        }
        return this;
    }

    /** The variables that are set. */
    Map<String, String> environment() {
        return environment;
    }

    Path here() {
        return here;
    }

    /** A file of the folder. */
    Path file(String name) {
        return here.resolve(name);
    }

    /** The names of the files in the folder. */
    List<String> files() {
        try (Stream<Path> files = Files.list(here)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The certificate in a file of the folder. */
    X509Certificate certificate(String name) {
        try {
            return Pem.certificates(Files.readString(file(name))).get(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As if the certificates had been obtained when their validity began. */
    User aged() {
        for (String name : files()) {
            if (name.startsWith("WUCME_R_") && !name.contains("ACCOUNT") && name.endsWith(".JSON")) {
                forgetWhenObtained(file(name));
            }
        }
        return this;
    }

    private static void forgetWhenObtained(Path record) {
        try {
            String text = Files.readString(record);
            Files.writeString(record, text.replaceAll("\\s*\"obtained\" : \"[^\"]*\",", ""));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Run wucme(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exit = Wucme.run(environment, new PrintWriter(out, true), new PrintWriter(err, true), arguments);
        return new Run(exit, out.toString(), err.toString());
    }
}
