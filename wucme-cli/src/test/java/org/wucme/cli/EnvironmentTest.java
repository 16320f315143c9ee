package org.wucme.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.net.InetAddress;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.wucme.acme.pki.KeyType;
import org.wucme.store.MaintenanceWindow;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

class EnvironmentTest {

    @TestFactory
    Stream<DynamicTest> everyOptionOfEveryCommandReadsItsVariable() {
        return HelpTest.commands()
                .flatMap(words -> HelpTest.find(HelpTest.model(Map.of()), words).getCommandSpec().options().stream()
                        .filter(option -> !option.usageHelp())
                        .map(option -> dynamicTest(words + " " + option.longestName(), () -> readsIt(words, option))));
    }

    private static void readsIt(List<String> words, OptionSpec option) {
        String variable =
                "WUCME_" + option.longestName().substring(2).replace('-', '_').toUpperCase(java.util.Locale.ROOT);
        Object unset = valueOf(words, option, Map.of());
        Object set = valueOf(words, option, Map.of(variable, sample(option)));

        assertThat(set).isNotEqualTo(unset);
        assertThat(textOf(set)).isEqualTo(option.type() == boolean.class ? "true" : sample(option));
    }

    private static String textOf(Object value) {
        if (value instanceof InetAddress address) {
            return address.getHostAddress();
        }
        return value instanceof Collection<?> several
                ? several.stream().map(String::valueOf).collect(Collectors.joining(","))
                : String.valueOf(value);
    }

    private static Object valueOf(List<String> words, OptionSpec option, Map<String, String> environment) {
        CommandLine root = HelpTest.model(environment);
        CommandLine command = HelpTest.find(root, words);
        Stream<String> arguments =
                command.getCommandSpec().positionalParameters().stream().map(unused -> "a.example");
        root.parseArgs(Stream.concat(words.stream(), arguments).toArray(String[]::new));
        return command.getCommandSpec().findOption(option.longestName()).getValue();
    }

    private static String sample(OptionSpec option) {
        if (option.type() == boolean.class) {
            return "*";
        }
        if (option.type() == int.class || option.type() == Integer.class) {
            return "4711";
        }
        if (option.type() == InetAddress.class) {
            return "192.0.2.1";
        }
        if (option.type() == MaintenanceWindow.class) {
            return "Sun 02:00-06:00 UTC";
        }
        return option.type() == KeyType.class ? "rsa-3072" : "something";
    }

    @ParameterizedTest
    @ValueSource(strings = {"*", "1", "true", "yes", "on"})
    void switchesAreOnByAnyValue(String value) {
        assertThat(verbose(value)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "false", "NO", "", " "})
    void switchesAreOffByWordsForNo(String value) {
        assertThat(verbose(value)).isFalse();
    }

    private static boolean verbose(String value) {
        CommandLine root = HelpTest.model(Map.of("WUCME_VERBOSE", value));
        root.parseArgs("version");
        return root.getCommandSpec().findOption("--verbose").getValue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "${X}",
                "$$",
                "a${b",
                "\\$",
                "$",
                "$$${HOME}$$$",
                "${sys:user.home}/${env:HOME:-x}",
                "/bin/sh -c 'echo ${WUCME_SERIAL} $$'"
            })
    void valuesArriveAsTheyAreWritten(String value) {
        CommandLine root = HelpTest.model(Map.of("WUCME_CA", value, "WUCME_LOAD", value, "WUCME_HERE", value));
        root.parseArgs("manage");

        assertThat(HelpTest.find(root, List.of("manage")).getCommandSpec().options())
                .filteredOn(option -> List.of("--ca", "--load", "--here").contains(option.longestName()))
                .extracting(option -> textOf(option.getValue()))
                .hasSize(3)
                .containsOnly(value);
    }

    @Test
    void optionsGoBeforeVariables() {
        CommandLine root = HelpTest.model(Map.of("WUCME_CA", "letsencrypt"));
        root.parseArgs("version", "--ca", "letsencrypt-staging");

        assertThat(root.getCommandSpec().findOption("--ca").<String>getValue()).isEqualTo("letsencrypt-staging");
    }
}
