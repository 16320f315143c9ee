package org.wucme.cli;

import java.io.PrintWriter;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/** The log in wµCME's manner: {@code 2026-11-22 00:20:01.50: fetching directory at …}, in local time. */
final class LogLine extends Handler {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SS").withZone(ZoneId.systemDefault());

    private final PrintWriter out;
    private final SimpleFormatter formatter = new SimpleFormatter();

    private LogLine(PrintWriter out) {
        this.out = out;
    }

    /** Sends the whole log of this process to a writer. */
    static void install(PrintWriter out, Level level) {
        LogManager.getLogManager().reset();
        Logger root = Logger.getLogger("");
        root.addHandler(new LogLine(out));
        root.setLevel(level.intValue() < Level.INFO.intValue() ? Level.INFO : level);
        // Held by the LogManager through its handlerless parent only weakly, hence the constant.
        OURS.setLevel(level);
    }

    private static final Logger OURS = Logger.getLogger("org.wucme");

    /** A moment as it stands in the log. */
    static String time(Instant instant) {
        return TIME.format(instant);
    }

    @Override
    public void publish(LogRecord entry) {
        String warning = entry.getLevel().intValue() >= Level.WARNING.intValue() ? "warning: " : "";
        out.println(time(entry.getInstant()) + ": " + warning + formatter.formatMessage(entry));
    }

    @Override
    public void flush() {
        out.flush();
    }

    @Override
    public void close() {
        flush();
    }
}
