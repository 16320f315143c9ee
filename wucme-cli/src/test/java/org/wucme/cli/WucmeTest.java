package org.wucme.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WucmeTest {

    @Test
    void anErrorIsNeverTakenForNothingToDo() {
        StringWriter err = new StringWriter();
        PrintWriter broken = new PrintWriter(PrintWriter.nullWriter()) {
            @Override
            public void println(String line) {
                throw new NoClassDefFoundError("org/example/Gone");
            }
        };

        int exit = Wucme.run(Map.of(), broken, new PrintWriter(err, true), "version");

        assertThat(exit).isEqualTo(2);
        assertThat(err.toString())
                .startsWith("wucme: unexpected error: java.lang.NoClassDefFoundError: org/example/Gone\n");
    }
}
