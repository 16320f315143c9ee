package org.wucme.cli;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/** Gives every option the value of its environment variable: {@code --http-port} is {@code WUCME_HTTP_PORT}. */
final class EnvironmentDefaults implements IDefaultValueProvider {

    private static final Set<String> NO = Set.of("0", "false", "no");

    private final Map<String, String> environment;

    EnvironmentDefaults(Map<String, String> environment) {
        this.environment = environment;
    }

    /**
     * Options as the variables say. Commands that read them only when they run do not slow the start of all the others.
     *
     * @throws IllegalArgumentException if a variable cannot be understood; the message names it
     */
    static <T> T fill(T options, Map<String, String> environment) {
        try {
            new CommandLine(options)
                    .setDefaultValueProvider(new EnvironmentDefaults(environment))
                    .registerConverter(Path.class, HomeFolder.of(environment))
                    .parseArgs();
        } catch (ParameterException e) {
            throw new IllegalArgumentException(Errors.describeUsage(e, environment), e);
        }
        return options;
    }

    @Override
    public @Nullable String defaultValue(ArgSpec argument) {
        if (!(argument instanceof OptionSpec option) || option.usageHelp()) {
            return null;
        }
        String value = environment.get(variableOf(option));
        if (value == null || value.isBlank()) {
            return null;
        }
        // wµCME's logical names are switched on by any value, commonly "*".
        return isSwitch(option) ? Boolean.toString(!NO.contains(value.toLowerCase(Locale.ROOT))) : literal(value);
    }

    // Picocli replaces its own variables in what it is given here: ${…} is for a shell, or part of a password.
    private static String literal(String value) {
        return value.replace("$", "$$");
    }

    static String variableOf(OptionSpec option) {
        return "WUCME_"
                + option.longestName().replaceFirst("^-+", "").replace('-', '_').toUpperCase(Locale.ROOT);
    }

    private static boolean isSwitch(OptionSpec option) {
        return option.type() == boolean.class || option.type() == Boolean.class;
    }
}
