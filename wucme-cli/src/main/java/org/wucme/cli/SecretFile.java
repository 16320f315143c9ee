package org.wucme.cli;

import java.io.IOException;
import java.nio.file.Path;

/** A file with a password in its first line: no other process sees it, unlike arguments. */
public final class SecretFile {

    private SecretFile() {}

    /**
     * Its first line with something in it, without blanks around that.
     *
     * @throws IOException if it cannot be read, or is empty; the message names the file
     */
    public static String read(Path file) throws IOException {
        return TextFile.read(file)
                .strip()
                .lines()
                .findFirst()
                .map(String::strip)
                .orElseThrow(() -> new IOException(file + " is empty, where a password is expected"));
    }
}
