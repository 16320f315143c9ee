package org.wucme.cli.report;

import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wucme.acme.internal.text.Trace;

/** The checks, one run at a time, and what each of them said the last time. Thread-safe. */
final class Checks {

    private static final Logger LOG = LoggerFactory.getLogger(Checks.class);

    private final Map<String, Check> checks;
    private final Clock clock;
    private final Map<String, Result> latest = new ConcurrentHashMap<>();
    private final AtomicBoolean isRunning = new AtomicBoolean();

    /**
     * What a check said.
     *
     * @param at when it ended
     * @param worked whether what was tried works
     * @param text what was found, or why it does not work
     */
    record Result(Instant at, boolean worked, String text) {}

    Checks(Map<String, Check> checks, Clock clock) {
        this.checks = new LinkedHashMap<>(checks);
        this.clock = clock;
    }

    /** What checks there are. */
    Set<String> names() {
        return checks.keySet();
    }

    Optional<Result> latest(String name) {
        return Optional.ofNullable(latest.get(name));
    }

    /** Runs a check that there is; empty if one is running already. */
    Optional<Result> run(String name) {
        if (!isRunning.compareAndSet(false, true)) {
            return Optional.empty();
        }
        try {
            Result result = attempt(name);
            latest.put(name, result);
            return Optional.of(result);
        } finally {
            isRunning.set(false);
        }
    }

    private Result attempt(String name) {
        Check check = checks.get(name);
        if (check == null) {
            throw new IllegalArgumentException("there is no check " + name);
        }
        LOG.info("checking {} on request", name);
        try {
            return new Result(clock.instant(), true, check.run());
        } catch (IOException e) {
            return new Result(clock.instant(), false, e.getMessage() == null ? e.toString() : e.getMessage());
        } catch (RuntimeException | Error e) {
            LOG.warn("the check {} failed unexpectedly", name, Trace.of(e));
            return new Result(clock.instant(), false, "unexpected error: " + e);
        }
    }
}
