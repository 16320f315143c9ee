package org.wucme.testing;

import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/** What {@link RequiresPebble} means. */
final class PebbleCondition implements ExecutionCondition {

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        if (context.getTestMethod().isPresent()) {
            return ConditionEvaluationResult.enabled("decided for the whole class");
        }
        return evaluate(context.getDisplayName(), isRequired());
    }

    static ConditionEvaluationResult evaluate(String testClass, boolean required) {
        try {
            return ConditionEvaluationResult.enabled(
                    "Pebble is " + PebblePrograms.find().pebble());
        } catch (IllegalStateException missing) {
            if (required) {
                throw missing;
            }
            System.err.println("SKIPPED " + testClass + ": " + missing.getMessage());
            return ConditionEvaluationResult.disabled(missing.getMessage());
        }
    }

    private static boolean isRequired() {
        return Boolean.getBoolean("wucme.pebble.required")
                || Boolean.parseBoolean(System.getenv("WUCME_REQUIRE_PEBBLE"));
    }
}
