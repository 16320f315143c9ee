package org.wucme.cli;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file of text that an administrator wrote. */
final class TextFile {

    private TextFile() {}

    /**
     * What is in it.
     *
     * @throws IOException if it cannot be read, or is not UTF-8; the message names the file
     */
    static String read(Path file) throws IOException {
        try {
            return Files.readString(file);
        } catch (CharacterCodingException e) {
            throw new IOException(file + " is not text in UTF-8: save it in that encoding", e);
        }
    }
}
