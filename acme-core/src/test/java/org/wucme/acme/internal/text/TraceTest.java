package org.wucme.acme.internal.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Collections;
import org.junit.jupiter.api.Test;

class TraceTest {

    private static String print(Throwable any) {
        StringWriter text = new StringWriter();
        Trace.of(any).printStackTrace(new PrintWriter(text, true));
        return text.toString();
    }

    @Test
    void typesMessagesAndFramesAreThoseOfTheOriginal() {
        Throwable original = new IllegalStateException("outer", new IOException("inner"));
        original.addSuppressed(new ArithmeticException("beside\n"));

        assertThat(print(original))
                .startsWith("java.lang.IllegalStateException: outer" + System.lineSeparator())
                .contains("at org.wucme.acme.internal.text.TraceTest.typesMessagesAndFramesAreThoseOfTheOriginal(")
                .contains("Caused by: java.io.IOException: inner")
                .contains("Suppressed: java.lang.ArithmeticException: beside")
                .doesNotContain("Trace:");
    }

    @Test
    void aHarmlessExceptionIsLoggedItselfSoThatAnApplicationMayTellItByItsType() {
        Throwable original = new IllegalStateException("outer", new IOException());

        assertThat(Trace.of(original)).isSameAs(original);
    }

    @Test
    void noMessageCanForgeALineOrCommandATerminal() {
        String foreign = "words\n2026-11-22 00:20:01.50: renewed\r\u001b[2J\u0085\u2028";
        Throwable original = new IllegalStateException(foreign, new IOException(foreign));
        original.addSuppressed(new IOException(foreign));

        assertThat(print(original).lines().filter(line -> line.contains("renewed")))
                .hasSize(3)
                .allMatch(line -> line.contains("Exception: words 2026"));
        assertThat(print(original)).doesNotContain("\u001b", "\u0085", "\u2028", "\r2026");
    }

    @Test
    void anExceptionOfAnySizeIsPrintedWithinBounds() {
        String huge = "x".repeat(1 << 20);
        Throwable original = new IOException(huge);
        for (int i = 0; i < 1000; i++) {
            original = new IOException(huge, original);
            original.addSuppressed(new IOException(huge));
            original.addSuppressed(new IOException(huge));
        }
        original.setStackTrace(Collections.nCopies(10_000, new StackTraceElement("A", "b", "A.java", 1))
                .toArray(StackTraceElement[]::new));

        assertThat(print(original).length()).isLessThan(40 * OneLine.LONGEST);
    }

    @Test
    void exceptionsThatCauseEachOtherComeToAnEnd() {
        IOException first = new IOException("first");
        IOException second = new IOException("second", first);
        first.initCause(second);

        assertThat(print(first)).contains("second");
    }
}
