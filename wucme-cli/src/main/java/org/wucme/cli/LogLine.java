package org.wucme.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.function.Consumer;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.wucme.acme.IssuanceEvent;
import org.wucme.acme.internal.text.OneLine;
import org.wucme.acme.internal.text.Trace;
import org.wucme.manage.CertificateManager;

/** The log in wµCME's manner: {@code 2026-11-22 00:20:01.50: fetching directory at …}, in local time. */
final class LogLine extends Handler {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SS").withZone(ZoneId.systemDefault());

    // What is at the top tells most.
    private static final int MOST_TRACE_LINES = 200;

    // The JDK holds loggers only weakly, and with them what was set.
    private static final Logger OURS = Logger.getLogger("org.wucme");
    // Commands and the agent report failures in their own words.
    private static final Logger FAILURES = Logger.getLogger(CertificateManager.FAILURE_LOGGER);
    // Where steps are shown, these are among them.
    private static final Logger REFUSALS = Logger.getLogger(IssuanceEvent.REFUSAL_LOGGER);

    private final Consumer<String> out;
    private final SimpleFormatter formatter = new SimpleFormatter();

    private LogLine(Consumer<String> out) {
        this.out = out;
    }

    /** Sends the lines of our log somewhere, until {@link #close}. The logging of anybody else in this process stays as it is. */
    static LogLine install(Consumer<String> out, Level level) {
        LogLine handler = new LogLine(out);
        OURS.addHandler(handler);
        OURS.setUseParentHandlers(false);
        OURS.setLevel(level);
        FAILURES.setLevel(Level.OFF);
        REFUSALS.setLevel(level.intValue() > Level.INFO.intValue() ? Level.OFF : null);
        return handler;
    }

    @Override
    public void publish(LogRecord entry) {
        String warning = entry.getLevel().intValue() >= Level.WARNING.intValue() ? "warning: " : "";
        String start = TIME.format(entry.getInstant()) + ": " + warning;
        out.accept(start + OneLine.of(formatter.formatMessage(entry)));
        Throwable thrown = entry.getThrown();
        if (thrown != null && entry.getLevel().intValue() >= Level.WARNING.intValue()) {
            traceOf(thrown).lines().limit(MOST_TRACE_LINES).forEach(line -> out.accept(start + OneLine.of(line)));
        }
    }

    private static String traceOf(Throwable thrown) {
        StringWriter trace = new StringWriter();
        Trace.of(thrown).printStackTrace(new PrintWriter(trace, true));
        return trace.toString();
    }

    @Override
    public void flush() {
        // Each line is on its way already.
    }

    @Override
    public void close() {
        OURS.removeHandler(this);
        OURS.setUseParentHandlers(true);
        OURS.setLevel(null);
        FAILURES.setLevel(null);
        REFUSALS.setLevel(null);
    }
}
