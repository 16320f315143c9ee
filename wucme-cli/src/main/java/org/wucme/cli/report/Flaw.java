package org.wucme.cli.report;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One thing that is not as it should be.
 *
 * @param health how bad it is
 * @param text what it is, for a human; part of it may be a CA's words, as they came
 * @param retryAt when it is tried again; null if that is not known
 */
public record Flaw(Health health, String text, @Nullable Instant retryAt) {}
