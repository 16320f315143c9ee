package org.wucme.cli;

import java.io.PrintWriter;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/** The log in wµCME's manner: {@code 2026-11-22 00:20:01.50: fetching directory at …}, in local time. */
final class LogLine extends Handler {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SS").withZone(ZoneId.systemDefault());

    // The JDK holds loggers only weakly, and with them what was set.
    private static final Logger OURS = Logger.getLogger("org.wucme");

    private final PrintWriter out;
    private final SimpleFormatter formatter = new SimpleFormatter();

    private LogLine(PrintWriter out) {
        this.out = out;
    }

    /** Sends our log to a writer, until {@link #close}. The logging of anybody else in this process stays as it is. */
    static LogLine install(PrintWriter out, Level level) {
        LogLine handler = new LogLine(out);
        OURS.addHandler(handler);
        OURS.setUseParentHandlers(false);
        OURS.setLevel(level);
        return handler;
    }

    @Override
    public void publish(LogRecord entry) {
        String warning = entry.getLevel().intValue() >= Level.WARNING.intValue() ? "warning: " : "";
        out.println(TIME.format(entry.getInstant()) + ": " + warning + OneLine.of(formatter.formatMessage(entry)));
    }

    @Override
    public void flush() {
        out.flush();
    }

    @Override
    public void close() {
        flush();
        OURS.removeHandler(this);
        OURS.setUseParentHandlers(true);
        OURS.setLevel(null);
    }
}
