package org.wucme.testing;

import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/** Collects what is logged below a name, at INFO and above, until it is closed. Thread-safe. */
public final class LogLines extends Handler implements AutoCloseable {

    private final SimpleFormatter formatter = new SimpleFormatter();
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private final Logger logger;

    private LogLines(Logger logger) {
        this.logger = logger;
    }

    /** Begins to collect. */
    public static LogLines of(String name) {
        Logger logger = Logger.getLogger(name);
        LogLines lines = new LogLines(logger);
        logger.setLevel(Level.INFO);
        logger.setUseParentHandlers(false);
        logger.addHandler(lines);
        return lines;
    }

    /** What was logged so far, and was not awaited. */
    public List<String> all() {
        return List.copyOf(lines);
    }

    /** Waits for a line and returns it; those before it are gone. */
    public String await(Predicate<String> which) throws InterruptedException {
        while (true) {
            String line = lines.poll(50, TimeUnit.SECONDS);
            if (line == null) {
                throw new AssertionError("no such line was logged");
            }
            if (which.test(line)) {
                return line;
            }
        }
    }

    @Override
    public void publish(LogRecord entry) {
        lines.add(formatter.formatMessage(entry));
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        logger.removeHandler(this);
        logger.setUseParentHandlers(true);
        logger.setLevel(null);
    }
}
