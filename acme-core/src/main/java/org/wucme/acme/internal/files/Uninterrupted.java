package org.wucme.acme.internal.files;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;

/** Work on files by channels, which an interrupt would close. */
public final class Uninterrupted {

    private Uninterrupted() {}

    /** Work that can be started again. */
    public interface Work<T> {
        T run() throws IOException;
    }

    /** Runs the work to its end; once it is done, a thread that was interrupted is so again. */
    public static <T> T run(Work<T> work) throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            while (true) {
                try {
                    return work.run();
                } catch (ClosedByInterruptException e) {
                    interrupted |= Thread.interrupted();
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
