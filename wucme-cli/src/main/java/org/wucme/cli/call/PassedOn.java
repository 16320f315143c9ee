package org.wucme.cli.call;

import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The variables that programs get of our own environment, which may hold secrets of any name: where programs and files are,
 * the language, the time zone, and where the store is.
 */
final class PassedOn {

    private static final Set<String> NAMES = Set.of("PATH", "HOME", "LANG", "LANGUAGE", "TZ", "WUCME_HERE");
    private static final String LOCALE_CATEGORY = "LC_";

    private PassedOn() {}

    static Map<String, String> of(Map<String, String> environment) {
        return environment.entrySet().stream()
                .filter(variable -> isPassedOn(variable.getKey()))
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private static boolean isPassedOn(String name) {
        return NAMES.contains(name) || name.startsWith(LOCALE_CATEGORY);
    }
}
