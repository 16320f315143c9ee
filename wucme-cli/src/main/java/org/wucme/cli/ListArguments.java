package org.wucme.cli;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Arguments that may be separated by spaces or by commas, as in wµCME. */
final class ListArguments {

    private ListArguments() {}

    /** The single ones. */
    static Stream<String> split(List<String> arguments) {
        return arguments.stream()
                .flatMap(argument -> Arrays.stream(argument.split("[,\\s]+")))
                .filter(argument -> !argument.isEmpty());
    }

    /**
     * The single ones, where there must be one.
     *
     * @param kind what each of them is, with its article
     * @throws IllegalArgumentException if there is none, as in {@code ""} or {@code ","}
     */
    static List<String> require(List<String> arguments, String kind) {
        List<String> single = split(arguments).toList();
        if (single.isEmpty()) {
            throw new IllegalArgumentException("the argument is empty: name " + kind);
        }
        return single;
    }
}
