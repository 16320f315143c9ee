package org.wucme.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Runs what is measured without any CA, most of it by JMH. */
final class Jmh {

    private final Report report;
    private final Pattern which;

    /**
     * What is to be measured.
     *
     * @param which the classes whose simple names match
     */
    Jmh(Report report, Pattern which) {
        this.report = report;
        this.which = which;
    }

    void measure() throws RunnerException, IOException {
        if (isWanted(Steps.class)) {
            run("step (JMH)", "us", optionsOf(Steps.class));
        }
        if (isWanted(Handshakes.class)) {
            run("TLS 1.3 handshake, client and server (JMH)", "us", optionsOf(Handshakes.class));
        }
        if (isWanted(TenThousandCertificates.class)) {
            measureFileStore();
        }
        if (isWanted(ServedMemory.class)) {
            measureMemory();
        }
    }

    private boolean isWanted(Class<?> benchmarks) {
        return which.matcher(benchmarks.getSimpleName()).matches();
    }

    private void measureFileStore() throws RunnerException, IOException {
        Path folder = Files.createTempDirectory("wucme-ten-thousand");
        try {
            output(TenThousandCertificates.Filling.class, folder.toString());
            run(
                    "file store of ten thousand certificates (JMH)",
                    "ms",
                    optionsOf(TenThousandCertificates.class).param("folder", folder.toString()));
        } finally {
            remove(folder);
        }
    }

    private void measureMemory() throws IOException {
        List<String> kilobytes = List.of(output(ServedMemory.class).split(" ", -1));
        report.beginMemory();
        report.row("after its start", Long.parseLong(kilobytes.get(0)));
        report.row("after a handshake for each", Long.parseLong(kilobytes.get(1)));
    }

    private static ChainedOptionsBuilder optionsOf(Class<?> benchmarks) {
        return new OptionsBuilder()
                .include(Pattern.quote(benchmarks.getName() + "."))
                .addProfiler(GCProfiler.class)
                .verbosity(VerboseMode.SILENT);
    }

    private void run(String title, String unit, ChainedOptionsBuilder options) throws RunnerException {
        report.beginSteps(title, unit);
        Collection<RunResult> results = new Runner(options.build()).run();
        for (RunResult result : results) {
            Result<?> score = result.getPrimaryResult();
            double allocated = Objects.requireNonNull(
                            result.getSecondaryResults().get("gc.alloc.rate.norm"))
                    .getScore();
            report.row(score.getLabel(), score.getScore(), score.getScoreError(), allocated);
        }
    }

    /** What a program prints that runs in a process of its own. */
    private static String output(Class<?> program, String... arguments) throws IOException {
        List<String> command = Stream.concat(
                        Stream.of(
                                Path.of(System.getProperty("java.home"), "bin", "java")
                                        .toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                program.getName()),
                        Stream.of(arguments))
                .toList();
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (process.waitFor() == 0) {
                return printed.strip();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new IOException(program.getSimpleName() + " failed");
    }

    private static void remove(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
