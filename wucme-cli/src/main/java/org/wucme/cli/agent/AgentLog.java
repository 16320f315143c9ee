package org.wucme.cli.agent;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import org.wucme.acme.internal.files.LogFile;

/**
 * The log of an agent. Each line is passed on at once; the latest are kept for a report. While the agent is active, which
 * only one is, the lines come into a file too, with those from before that; it is bounded, together with its predecessor.
 * Thread-safe.
 */
public final class AgentLog implements Consumer<String> {

    /** The file in the folder of the certificates, unless another one is given. */
    public static final String FILE_NAME = "WUCME_ACTIVE.LOG";

    private static final int KEPT_LINES = 500;
    private static final long MOST_BYTES = 1 << 20;

    private final Consumer<String> next;
    private final long mostBytes;
    private final Deque<String> latest = new ArrayDeque<>();
    private Path file;
    private int unwritten;
    private boolean isInFile;
    private boolean isFailing;

    /**
     * A log.
     *
     * @param next where each line goes at once
     * @param file where it goes while the agent is active
     */
    public AgentLog(Consumer<String> next, Path file) {
        this(next, file, MOST_BYTES);
    }

    AgentLog(Consumer<String> next, Path file, long mostBytes) {
        this.next = next;
        this.file = file;
        this.mostBytes = mostBytes;
    }

    // The file is written under the lock, so that its lines stand in their order.
    @Override
    public synchronized void accept(String line) {
        next.accept(line);
        latest.addLast(line);
        unwritten++;
        if (latest.size() > KEPT_LINES) {
            latest.removeFirst();
        }
        write();
    }

    /** From now on the lines come into another file, if they come into one. */
    public synchronized void moveTo(Path newFile) {
        file = newFile;
    }

    /** From now on the lines come into the file, those not yet there first. */
    public synchronized void beginFile() {
        isInFile = true;
        write();
    }

    /** From now on the lines come into the file no more. */
    public synchronized void endFile() {
        isInFile = false;
    }

    /** The latest lines, the newest last. */
    public synchronized List<String> lines() {
        return List.copyOf(latest);
    }

    private void write() {
        if (!isInFile || unwritten == 0) {
            return;
        }
        List<String> lines = new ArrayList<>(latest);
        List<String> missing = lines.subList(Math.max(0, lines.size() - unwritten), lines.size());
        try {
            String text = String.join("\n", missing) + "\n";
            new LogFile(file, mostBytes).append(text.getBytes(StandardCharsets.UTF_8));
            unwritten = 0;
            isFailing = false;
        } catch (IOException e) {
            // No reason to end: a full disk is one for an agent that goes on.
            if (!isFailing) {
                next.accept("warning: the log file " + file + " cannot be written: " + e);
            }
            isFailing = true;
        }
    }

    /**
     * The last lines of a log file.
     *
     * @param most how many at most
     * @throws IOException if there is none, or it cannot be read
     */
    public static List<String> read(Path file, int most) throws IOException {
        List<String> lines = linesOf(file);
        if (lines.size() < most) {
            lines = new ArrayList<>(lines);
            lines.addAll(0, linesOfPredecessor(file));
        }
        return lines.subList(Math.max(0, lines.size() - most), lines.size());
    }

    private static List<String> linesOfPredecessor(Path file) throws IOException {
        try {
            return linesOf(LogFile.predecessor(file));
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }

    // A line that was cut in the midst of a character is no reason to show none.
    private static List<String> linesOf(Path file) throws IOException {
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new FileSystemException(file.toString(), null, "this is not a file");
        }
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8)
                .lines()
                .toList();
    }
}
