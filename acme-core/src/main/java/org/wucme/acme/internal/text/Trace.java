package org.wucme.acme.internal.text;

import java.io.UncheckedIOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * An exception or error made fit for a log: the types and stack frames of the original, but messages in one line, and
 * everything bounded. A message may be the words of a CA, and a log trusts the exceptions that it prints.
 */
public final class Trace extends Exception {

    private static final long serialVersionUID = 1L;

    private static final int MOST_FRAMES = 100;
    private static final int MOST_CAUSES = 8;
    private static final int MOST_SUPPRESSED = 4;

    private Trace(Throwable original, int depth) {
        super(OneLine.of(original.toString()), causeOf(original, depth), true, true);
        StackTraceElement[] frames = original.getStackTrace();
        setStackTrace(Arrays.copyOf(frames, Math.min(frames.length, MOST_FRAMES)));
        if (depth < MOST_CAUSES) {
            Arrays.stream(original.getSuppressed())
                    .limit(MOST_SUPPRESSED)
                    .forEach(suppressed -> addSuppressed(new Trace(suppressed, MOST_CAUSES)));
        }
    }

    /** What to pass to a log: the original if it is harmless, as most are, else a copy. */
    public static Throwable of(Throwable original) {
        return isHarmless(original, 0) ? original : new Trace(original, 0);
    }

    private static boolean isHarmless(Throwable any, int depth) {
        String text = any.toString();
        Throwable cause = any.getCause();
        return depth <= MOST_CAUSES
                && OneLine.of(text).equals(text)
                && (cause == null || isHarmless(cause, depth + 1))
                && any.getSuppressed().length <= MOST_SUPPRESSED
                && Arrays.stream(any.getSuppressed()).allMatch(suppressed -> isHarmless(suppressed, depth + 1));
    }

    /** Whether this is a mistake in a program, or the end of what a process may use: to be logged with its stack trace. */
    public static boolean isUnexpected(Throwable any) {
        return (any instanceof RuntimeException && !(any instanceof UncheckedIOException)) || any instanceof Error;
    }

    private static @Nullable Trace causeOf(Throwable original, int depth) {
        Throwable cause = original.getCause();
        return cause == null || depth >= MOST_CAUSES ? null : new Trace(cause, depth + 1);
    }

    // The stack of its own creation is replaced anyway.
    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }

    /** The type and message of the original. */
    @Override
    @SuppressWarnings("OverrideThrowableToString") // The message begins with the type of the original.
    public String toString() {
        return String.valueOf(getMessage());
    }
}
