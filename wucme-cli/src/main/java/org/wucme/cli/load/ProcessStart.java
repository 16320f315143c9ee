package org.wucme.cli.load;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wucme.acme.internal.text.Trace;

/**
 * When a process was started, by the clock as it is set now. The JDK goes by what the clock said when this process began, and
 * so takes processes for younger than they are after the clock was put back. Immutable.
 *
 * @param boot when the machine was started
 * @param sinceBoot how long after that the process was started
 */
record ProcessStart(Instant boot, Duration sinceBoot) {

    private static final Logger LOG = LoggerFactory.getLogger(ProcessStart.class);
    private static final Path PROCESSES = Path.of("/proc");
    private static final String BOOT = "btime ";

    // On all of Linux that Java runs on, whatever the kernel's own rate.
    private static final long TICKS_A_SECOND = 100;

    // Of what follows the name of the program, which may hold spaces and parentheses; it is number 22 of all.
    private static final int START = 19;

    // What is started from a file's number has it before the file; clocks and file systems may be that inexact.
    private static final Duration INEXACTNESS = Duration.ofSeconds(5);

    // Within it the clock may be set first, by a few seconds or by years, and no number of a process is used twice.
    private static final Duration STARTUP = Duration.ofMinutes(10);

    /** Of a process, as the system tells it; as the JDK does where there is no {@code /proc}; empty if neither does. */
    static Optional<ProcessStart> of(long pid) {
        try {
            return Optional.of(of(pid, PROCESSES));
        } catch (IOException | IllegalArgumentException e) {
            LOG.debug("the start of process {} is only known by the JDK", pid, Trace.of(e));
            return ProcessHandle.of(pid)
                    .flatMap(process -> process.info().startInstant())
                    .map(start -> new ProcessStart(Instant.EPOCH, Duration.between(Instant.EPOCH, start)));
        }
    }

    static ProcessStart of(long pid, Path processes) throws IOException {
        String boot = read(processes.resolve("stat"))
                .lines()
                .filter(line -> line.startsWith(BOOT))
                .findFirst()
                .orElseThrow(() -> new IOException("the system does not tell when it was started"))
                .substring(BOOT.length());
        String process = read(processes.resolve(Long.toString(pid)).resolve("stat"));
        String[] fields =
                process.substring(process.lastIndexOf(')') + 1).strip().split(" ", START + 2);
        if (fields.length <= START) {
            throw new IOException("the system does not tell when process " + pid + " was started");
        }
        long ticks = Long.parseLong(fields[START]);
        return new ProcessStart(
                Instant.ofEpochSecond(Long.parseLong(boot.strip())),
                Duration.ofSeconds(ticks / TICKS_A_SECOND).plusMillis(ticks % TICKS_A_SECOND * 1000 / TICKS_A_SECOND));
    }

    // Whatever bytes the name of a program has.
    private static String read(Path file) throws IOException {
        return Files.readString(file, StandardCharsets.ISO_8859_1);
    }

    Instant instant() {
        return boot.plus(sinceBoot);
    }

    /**
     * Whether a file was certainly written before the process was started, so that it is another one's. What lies in memory was
     * written since the boot: a time before that, or during it, is only a clock that was not set yet, as of a machine whose
     * clock stands still while it is off.
     *
     * @param isInMemory whether the file is gone after a restart of the machine, as below {@code /run}
     */
    boolean isAfter(Instant written, boolean isInMemory) {
        boolean isClockInDoubt = isInMemory && (written.isBefore(boot) || sinceBoot.compareTo(STARTUP) < 0);
        return !isClockInDoubt && instant().isAfter(written.plus(INEXACTNESS));
    }
}
