package org.wucme.acme;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** What this library logs, down to INFO, while something is done. */
final class LogCapture extends Handler {

    private final List<String> messages = new CopyOnWriteArrayList<>();

    private LogCapture() {}

    /** What is done. */
    interface Action {
        void run() throws IOException;
    }

    static List<String> during(Action action) throws IOException {
        Logger logger = Logger.getLogger("org.wucme.acme");
        LogCapture capture = new LogCapture();
        Level before = logger.getLevel();
        logger.setLevel(Level.INFO);
        logger.addHandler(capture);
        try {
            action.run();
        } finally {
            logger.removeHandler(capture);
            logger.setLevel(before);
        }
        return capture.messages;
    }

    @Override
    public void publish(LogRecord record) {
        messages.add(record.getMessage());
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
}
