package org.wucme.challenges.internal;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.event.Level;

/** Logs what unauthenticated clients can cause: the first events of a minute, then only how many followed. Thread-safe. */
public final class ThrottledLog {

    private static final Duration INTERVAL = Duration.ofMinutes(1);

    private final Logger log;
    private final Level level;
    private final int perMinute;
    private final LongSupplier nanoTime;
    private long begin;
    private int events;

    /**
     * A log of one kind of event.
     *
     * @param perMinute how many of them are logged in a minute
     */
    public ThrottledLog(Logger log, Level level, int perMinute) {
        this(log, level, perMinute, System::nanoTime);
    }

    ThrottledLog(Logger log, Level level, int perMinute, LongSupplier nanoTime) {
        this.log = log;
        this.level = level;
        this.perMinute = perMinute;
        this.nanoTime = nanoTime;
        begin = nanoTime.getAsLong();
    }

    /** Logs an event as SLF4J does, unless there were too many. */
    public void log(String format, @Nullable Object... arguments) {
        int omitted = 0;
        synchronized (this) {
            long now = nanoTime.getAsLong();
            if (now - begin > INTERVAL.toNanos()) {
                omitted = Math.max(0, events - perMinute);
                begin = now;
                events = 0;
            }
            if (++events > perMinute) {
                return;
            }
        }
        log.atLevel(level).log(format, arguments);
        if (omitted > 0) {
            log.atLevel(level).log("{} more messages like the one above were omitted since the last of them", omitted);
        }
    }
}
