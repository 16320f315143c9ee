package org.wucme.cli.load;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/** What one class logs while this is open. */
public final class Logged extends Handler implements AutoCloseable {

    private final Logger logger;
    private final Level before;
    private final List<String> lines = Collections.synchronizedList(new ArrayList<>());

    private Logged(Logger logger) {
        this.logger = logger;
        this.before = logger.getLevel();
    }

    public static Logged of(Class<?> type) {
        Logged logged = new Logged(Logger.getLogger(type.getName()));
        logged.logger.setLevel(Level.INFO);
        logged.logger.addHandler(logged);
        return logged;
    }

    public List<String> lines() {
        return List.copyOf(lines);
    }

    @Override
    public void publish(LogRecord record) {
        lines.add(new SimpleFormatter().formatMessage(record));
    }

    @Override
    public void flush() {
        // Nothing waits.
    }

    @Override
    public void close() {
        logger.removeHandler(this);
        logger.setLevel(before);
    }
}
