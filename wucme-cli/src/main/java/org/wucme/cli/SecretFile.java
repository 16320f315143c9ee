package org.wucme.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file with a password and nothing else: no other process sees it, unlike arguments. */
public final class SecretFile {

    private SecretFile() {}

    /**
     * What is in it, without blanks and line ends around it.
     *
     * @throws IOException if it cannot be read, or is empty; the message names the file
     */
    public static String read(Path file) throws IOException {
        String secret = Files.readString(file).strip();
        if (secret.isEmpty()) {
            throw new IOException(file + " is empty, where a password is expected");
        }
        return secret;
    }
}
