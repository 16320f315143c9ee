package org.wucme.challenges.internal;

import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The errors that our servers log while it is open, kept out of the output. */
public final class LoggedErrors extends Handler implements AutoCloseable {

    // A logger without a reference forgets its handlers.
    private static final Logger LOGGER = Logger.getLogger("org.wucme.challenges.internal");

    private final BlockingQueue<LogRecord> records = new LinkedBlockingQueue<>();

    private LoggedErrors() {
        LOGGER.addHandler(this);
        LOGGER.setUseParentHandlers(false);
    }

    public static LoggedErrors collect() {
        return new LoggedErrors();
    }

    /** The next one, null if none comes in half a minute. */
    public @Nullable LogRecord next() throws InterruptedException {
        return records.poll(30, TimeUnit.SECONDS);
    }

    /** Those not taken yet. */
    public List<LogRecord> others() {
        return List.copyOf(records);
    }

    @Override
    public void publish(LogRecord entry) {
        if (entry.getLevel().equals(Level.SEVERE)) {
            records.add(entry);
        }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        LOGGER.removeHandler(this);
        LOGGER.setUseParentHandlers(true);
    }
}
