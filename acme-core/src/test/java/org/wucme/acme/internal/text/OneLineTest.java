package org.wucme.acme.internal.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OneLineTest {

    @Test
    void whatBreaksALineOrCommandsATerminalIsASpace() {
        assertThat(OneLine.of("a\r\nb\u001b[31mc\u2028d\u0085e\u202ef\tg  h")).isEqualTo("a b [31mc d e f g h");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"\n", "\r\n", "\u001b", "\u007f", "\u0085", "\u009b", "\u2028", "\u2029", "\u202e", "\u2066"})
    void eachControlBecomesASpace(String control) {
        assertThat(OneLine.of("before" + control + "after")).isEqualTo("before after");
    }

    @Test
    void aTextThatIsTooLongEndsWithAnEllipsis() {
        assertThat(OneLine.of("x".repeat(OneLine.LONGEST))).isEqualTo("x".repeat(OneLine.LONGEST));
        assertThat(OneLine.of("x".repeat(1 << 20)))
                .hasSize(OneLine.LONGEST)
                .startsWith("xxx")
                .endsWith("x…");
    }

    @Test
    void noCharacterIsCutInHalf() {
        assertThat(OneLine.cut("ab\uD83D\uDE00cd", 4)).isEqualTo("ab…");
        assertThat(OneLine.cut("ab\uD83D\uDE00cd", 5)).isEqualTo("ab\uD83D\uDE00…");
    }

    @Property(tries = 500)
    void everyTextComesBackFromAFileAsItIs(@ForAll @StringLength(max = 5000) String text) {
        String line = OneLine.of(text);

        assertThat(new String(line.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8))
                .isEqualTo(line)
                .doesNotContainPattern("[\\p{Cntrl}\\x{2028}\\x{2029}]");
        assertThat(line.length()).isLessThanOrEqualTo(OneLine.LONGEST);
    }
}
