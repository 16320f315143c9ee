package org.wucme.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OneLineTest {

    @ParameterizedTest
    @ValueSource(
            strings = {"\n", "\r\n", "\u001b", "\u007f", "\u0085", "\u009b", "\u2028", "\u2029", "\u202e", "\u2066"})
    void whatBreaksALineOrCommandsATerminalBecomesASpace(String control) {
        assertThat(OneLine.of("before" + control + "after")).isEqualTo("before after");
    }
}
