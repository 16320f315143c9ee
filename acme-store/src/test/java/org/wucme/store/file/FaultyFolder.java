package org.wucme.store.file;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * A disk on which one step goes wrong, and everything after it, as at a crash; or one that is full from some step on.
 */
final class FaultyFolder extends Folder {

    enum Fault {
        /** The step does not happen. */
        CRASH_BEFORE,
        /** The step happens, but nobody hears of it. */
        CRASH_AFTER,
        /** Half of what is written is on the disk. */
        CRASH_HALFWAY,
        /** Nothing more can be written; all else works. */
        DISK_FULL,
        /** As on a file system without links; nothing fails. */
        NO_LINKS
    }

    private final Fault fault;
    private final int failingStep;
    private int steps;

    FaultyFolder(Path path, Fault fault, int failingStep) throws IOException {
        super(path);
        this.fault = fault;
        this.failingStep = failingStep;
    }

    /** Whether the run was over before the failing step came. */
    boolean wasSpared() {
        return steps < failingStep;
    }

    @Override
    void write(Path file, byte[] content) throws IOException {
        if (fault == Fault.DISK_FULL) {
            steps++;
            if (steps >= failingStep) {
                super.write(file, Arrays.copyOf(content, content.length / 2));
                discard(file);
                throw new FileSystemException(file.toString(), null, "No space left on device");
            }
            super.write(file, content);
            return;
        }
        if (fault == Fault.CRASH_HALFWAY && steps + 1 == failingStep) {
            super.write(file, Arrays.copyOf(content, content.length / 2));
        }
        step(() -> super.write(file, content));
    }

    @Override
    void keep(Path file, Path copy) throws IOException {
        step(() -> super.keep(file, copy));
    }

    @Override
    void link(Path file, Path copy) throws IOException {
        if (fault == Fault.NO_LINKS) {
            throw new UnsupportedOperationException();
        }
        super.link(file, copy);
    }

    @Override
    void rename(Path from, Path to) throws IOException {
        step(() -> super.rename(from, to));
    }

    @Override
    void remove(Path file) throws IOException {
        step(() -> super.remove(file));
    }

    private void step(Step step) throws IOException {
        if (fault == Fault.DISK_FULL || fault == Fault.NO_LINKS) {
            step.run();
            return;
        }
        steps++;
        if (steps == failingStep && fault == Fault.CRASH_AFTER) {
            step.run();
        }
        if (steps >= failingStep) {
            throw new IOException("crashed");
        }
        step.run();
    }

    private interface Step {
        void run() throws IOException;
    }
}
