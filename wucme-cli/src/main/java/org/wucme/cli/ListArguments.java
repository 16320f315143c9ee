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
}
