package org.wucme.cli.call;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** What a program prints, line by line. Reads on whatever comes: a program must not wait for a reader. */
final class Output {

    static final int LONGEST_LINE = 4096;

    private final InputStream in;
    private final Consumer<String> listener;
    private final StringBuilder line = new StringBuilder();
    private volatile String lastLine = "";

    Output(InputStream in, Consumer<String> listener) {
        this.in = in;
        this.listener = listener;
    }

    /** The last line so far that has something in it. */
    String lastLine() {
        return lastLine;
    }

    /** Reads to the end. */
    void read() {
        char[] buffer = new char[LONGEST_LINE];
        try (Reader reader = new InputStreamReader(in, StandardCharsets.UTF_8)) {
            for (int length = reader.read(buffer); length >= 0; length = reader.read(buffer)) {
                take(buffer, length);
            }
        } catch (IOException e) {
            // It was killed.
        }
        if (!line.isEmpty()) {
            endLine();
        }
    }

    private void take(char[] buffer, int length) {
        for (int i = 0; i < length; i++) {
            if (buffer[i] == '\n') {
                endLine();
            } else if (line.length() < LONGEST_LINE) {
                line.append(buffer[i]);
            }
        }
    }

    private void endLine() {
        String complete = line.toString();
        line.setLength(0);
        if (!complete.isBlank()) {
            lastLine = complete;
        }
        listener.accept(complete);
    }
}
