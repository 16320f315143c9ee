package org.wucme.cli;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.List;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Marks a test class that needs {@link OtherClients}. Where one is not installed the class is skipped, and says so on
 * standard error; with the environment variable {@code WUCME_REQUIRE_OTHER_CLIENTS=true} it fails instead.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(RequiresOtherClients.Condition.class)
@interface RequiresOtherClients {

    /** What it means. */
    final class Condition implements ExecutionCondition {

        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            List<String> missing = OtherClients.PROGRAMS.stream()
                    .filter(program -> !OtherClients.isInstalled(program))
                    .toList();
            if (missing.isEmpty()) {
                return ConditionEvaluationResult.enabled("all are installed");
            }
            String reason = "not installed: " + String.join(", ", missing);
            if (Boolean.parseBoolean(System.getenv("WUCME_REQUIRE_OTHER_CLIENTS"))) {
                throw new IllegalStateException(reason);
            }
            System.err.println("SKIPPED " + context.getDisplayName() + ": " + reason);
            return ConditionEvaluationResult.disabled(reason);
        }
    }
}
