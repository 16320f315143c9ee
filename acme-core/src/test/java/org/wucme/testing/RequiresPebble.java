package org.wucme.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Marks a test class that needs {@link Pebble}. Where no Pebble is installed the class is skipped, and says so on
 * standard error; with the system property {@code wucme.pebble.required=true} or the environment variable {@code
 * WUCME_REQUIRE_PEBBLE=true} it fails instead.
 */
@Inherited
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(PebbleCondition.class)
public @interface RequiresPebble {}
