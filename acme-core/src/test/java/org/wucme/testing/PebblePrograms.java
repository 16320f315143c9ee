package org.wucme.testing;

import java.io.File;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The two programs of the Pebble package.
 *
 * @param pebble the CA
 * @param challengeServer {@code pebble-challtestsrv}, the name server that the CA's validation asks
 */
record PebblePrograms(Path pebble, Path challengeServer) {

    private static final String ADVICE =
            "; install Pebble 2.8 or newer on the PATH, or name its binary in the environment variable PEBBLE";
    private static final Pattern VERSION = Pattern.compile("(\\d+)\\.(\\d+)");

    /**
     * Looks in the environment variable {@code PEBBLE}, then on the {@code PATH}.
     *
     * @throws IllegalStateException if there is no Pebble, or one that is too old; the message says what to do
     */
    static PebblePrograms find() {
        String named = System.getenv("PEBBLE");
        if (named != null && !named.isBlank()) {
            return at(Path.of(named));
        }
        return at(onPath("pebble").orElseThrow(() -> new IllegalStateException("no pebble on the PATH" + ADVICE)));
    }

    /** As {@link #find()}, for the Pebble at this place. */
    static PebblePrograms at(Path pebble) {
        if (!Files.isExecutable(pebble)) {
            throw new IllegalStateException("not an executable file: " + pebble + ADVICE);
        }
        if (!isRecent(pebble)) {
            throw new IllegalStateException("too old: " + pebble + ADVICE);
        }
        Path sibling = pebble.resolveSibling("pebble-challtestsrv");
        Path challengeServer = Optional.of(sibling)
                .filter(Files::isExecutable)
                .or(() -> onPath("pebble-challtestsrv"))
                .orElseThrow(() -> new IllegalStateException(
                        "pebble-challtestsrv is neither beside " + pebble + " nor on the PATH"));
        return new PebblePrograms(pebble, challengeServer);
    }

    /** Builds of distributions call themselves "dev"; what has no {@code -version} at all is older than 2.8. */
    private static boolean isRecent(Path pebble) {
        String answer = version(pebble);
        if (answer == null) {
            return false;
        }
        Matcher version = VERSION.matcher(answer);
        if (!version.find()) {
            return true;
        }
        int major = Integer.parseInt(version.group(1));
        int minor = Integer.parseInt(version.group(2));
        return major > 2 || (major == 2 && minor >= 8);
    }

    private static @Nullable String version(Path pebble) {
        try {
            Process process = new ProcessBuilder(pebble.toString(), "-version")
                    .redirectErrorStream(true)
                    .start();
            process.getOutputStream().close();
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return null;
            }
            String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return process.exitValue() == 0 ? answer : null;
        } catch (IOException e) {
            throw new IllegalStateException("cannot run " + pebble + ": " + e.getMessage() + ADVICE, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UncheckedIOException(new InterruptedIOException("interrupted while asking " + pebble));
        }
    }

    private static Optional<Path> onPath(String program) {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        return Stream.of(path.split(File.pathSeparator))
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
