package org.wucme.tls;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/** What is logged by this package while it is open, and kept out of the output. */
final class LogLines extends Handler implements AutoCloseable {

    // A logger that nobody holds forgets its handlers.
    private static final Logger LOGGER = Logger.getLogger("org.wucme.tls");

    private final List<LogRecord> records = new CopyOnWriteArrayList<>();

    private LogLines() {
        LOGGER.addHandler(this);
        LOGGER.setUseParentHandlers(false);
        LOGGER.setLevel(Level.INFO);
    }

    static LogLines collect() {
        return new LogLines();
    }

    List<String> warnings() {
        return lines(Level.WARNING);
    }

    List<String> infos() {
        return lines(Level.INFO);
    }

    /** What was logged with a stack trace. */
    List<Throwable> traces() {
        return records.stream()
                .map(LogRecord::getThrown)
                .filter(Objects::nonNull)
                .toList();
    }

    private List<String> lines(Level level) {
        SimpleFormatter formatter = new SimpleFormatter();
        return records.stream()
                .filter(line -> line.getLevel().equals(level))
                .map(formatter::formatMessage)
                .toList();
    }

    @Override
    public void publish(LogRecord line) {
        records.add(line);
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        LOGGER.removeHandler(this);
        LOGGER.setUseParentHandlers(true);
        LOGGER.setLevel(null);
    }
}
