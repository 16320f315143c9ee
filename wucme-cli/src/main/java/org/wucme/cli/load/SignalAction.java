package org.wucme.cli.load;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wucme.acme.internal.files.Exposure;
import org.wucme.acme.internal.files.ProcessUser;
import org.wucme.acme.internal.text.Trace;
import org.wucme.cli.call.Command;
import org.wucme.manage.Deployment;
import org.wucme.store.StoredCertificate;

/** Sends a signal to the process whose number is in a file. */
final class SignalAction implements Deployment {

    private static final Logger LOG = LoggerFactory.getLogger(SignalAction.class);
    private static final Pattern FORM = Pattern.compile("(?:SIG)?([A-Z][A-Z0-9]*):(.*)");

    /** What servers reload at, or are replaced by their supervisors after. */
    static final List<String> SIGNALS = List.of("HUP", "USR1", "USR2", "WINCH", "CONT", "INT", "QUIT", "TERM");

    private static final Pattern PID = Pattern.compile("[1-9][0-9]{0,9}");
    private static final int MOST_OF_A_FILE = 100;
    private static final String UID = "unix:uid";
    private static final Integer ROOT = 0;
    private static final String PROCESSES = "/proc";
    private static final Duration LIMIT = Duration.ofSeconds(10);

    // What lies there is gone after a restart of the machine.
    private static final Set<String> IN_MEMORY = Set.of("tmpfs", "ramfs");

    // Signals to it mean something else, up to a restart of the machine.
    private static final Pattern INIT =
            Pattern.compile(".*/(?:systemd|(?:[a-z]+-)?init|launchd|tini|runit|s6-svscan|catatonit)");

    private final String signal;
    private final NamePattern file;

    private SignalAction(String signal, NamePattern file) {
        this.signal = signal;
        this.file = file;
    }

    /** Whether this is meant to be one. */
    static boolean isOne(String text) {
        return FORM.matcher(text).matches();
    }

    /**
     * Reads {@code SIGNAL:FILE}.
     *
     * @throws IllegalArgumentException if that signal is not one to reload at, or no file is named
     */
    static SignalAction parse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches() || !SIGNALS.contains(form.group(1))) {
            throw new IllegalArgumentException("the signal is not one of " + String.join(", ", SIGNALS));
        }
        if (!form.group(2).startsWith("/")) {
            throw new IllegalArgumentException("the pid file is missing: " + form.group(1) + ":/run/SERVER.pid");
        }
        return new SignalAction(
                form.group(1), new NamePattern(Path.of(form.group(2)).toString()));
    }

    @Override
    public void deploy(StoredCertificate certificate) throws IOException {
        Path file = Path.of(this.file.of(certificate));
        long pid = pid(file);
        requireServer(pid, file);
        requireOwner(pid, file);
        // Java knows TERM and KILL only, and not every system has kill as a program. The shell sees nothing from
        // outside.
        List<String> kill = List.of("/bin/sh", "-c", "kill -s \"$1\" \"$2\"", "kill", signal, Long.toString(pid));
        try {
            new Command(kill, LIMIT).run(Map.of(), "", line -> {});
        } catch (IOException e) {
            throw new IOException(
                    "process " + pid + " of " + file + " could not be sent " + signal
                            + "; is it the server's, and does this user run the server? " + e.getMessage(),
                    e);
        }
    }

    // The number of a server that has ended may be another process's by now.
    private static void requireServer(long pid, Path file) throws IOException {
        if (pid == ProcessHandle.current().pid()) {
            throw new IOException("process " + pid + " of " + file
                    + " is wucme itself, which is sent no signal; the file is" + " stale, or another program's");
        }
        Optional<ProcessHandle> process = ProcessHandle.of(pid);
        if (pid == 1
                && process.flatMap(init -> init.info().command())
                        .filter(SignalAction::isInit)
                        .isPresent()) {
            throw new IOException("process 1 of " + file
                    + " is this machine's init, which is sent no signal; is the file" + " the server's?");
        }
        requireOlder(pid, file);
    }

    private static void requireOlder(long pid, Path file) throws IOException {
        Instant written = Files.getLastModifiedTime(file).toInstant();
        boolean isInMemory = isInMemory(file);
        Optional<ProcessStart> started = ProcessStart.of(pid).filter(start -> start.isAfter(written, isInMemory));
        if (started.isPresent()) {
            throw new IOException("process " + pid + " of " + file + " is sent no signal: it was started at "
                    + started.get().instant() + ", after the file was written (" + written
                    + "), so that it is not the server's; restart the server, or \"touch\" the file if only the clock was"
                    + " changed");
        }
    }

    private static boolean isInMemory(Path file) {
        try {
            return IN_MEMORY.contains(Files.getFileStore(file).type());
        } catch (IOException e) {
            LOG.debug("the file system of {} is not known", file, Trace.of(e));
            return false;
        }
    }

    static boolean isInit(String command) {
        return INIT.matcher(command).matches();
    }

    // A user who can change the file chooses the process: root signals only what that user could signal alone.
    private static void requireOwner(long pid, Path file) throws IOException {
        Optional<Exposure> exposure = ProcessUser.isRoot() ? Exposure.of(file) : Optional.empty();
        if (exposure.isPresent()) {
            Object owner = Files.getAttribute(exposure.get().path(), UID, LinkOption.NOFOLLOW_LINKS);
            if (owner.equals(ROOT) || !owner.equals(userOf(pid).orElse(ROOT))) {
                throw new IOException("root sends no signal to process " + pid + " of " + file + ": " + exposure.get()
                        + ", and that user does not own the process; use a pid file that only root can write");
            }
        }
    }

    // By its number, since users of containers need not have a name.
    private static Optional<Object> userOf(long pid) {
        try {
            return Optional.of(Files.getAttribute(Path.of(PROCESSES, Long.toString(pid)), UID));
        } catch (IOException e) {
            LOG.debug("the user of process {} is not known", pid, Trace.of(e));
            return Optional.empty();
        }
    }

    // Some write more below the number.
    private static long pid(Path file) throws IOException {
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new IOException(file + " is not a file"); // reading a pipe may never end
        }
        String text;
        try (InputStream in = Files.newInputStream(file)) {
            text = new String(in.readNBytes(MOST_OF_A_FILE), StandardCharsets.US_ASCII);
        }
        String first = text.lines().findFirst().orElse("").strip();
        if (!PID.matcher(first).matches()) {
            throw new IOException(file + " does not begin with the number of a process");
        }
        return Long.parseLong(first);
    }
}
