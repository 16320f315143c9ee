package org.wucme.cli;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file of text that an administrator wrote. */
public final class TextFile {

    private TextFile() {}

    /**
     * What is in it, without a byte order mark.
     *
     * @throws IOException if it cannot be read, or is not UTF-8; the message names the file
     */
    static String read(Path file) throws IOException {
        try {
            return withoutByteOrderMark(Files.readString(file));
        } catch (CharacterCodingException e) {
            throw new IOException(file + " is not text in UTF-8: save it in that encoding", e);
        }
    }

    /** The text without the mark that some editors put in front of it. */
    public static String withoutByteOrderMark(String text) {
        return text.startsWith("\uFEFF") ? text.substring(1) : text;
    }
}
