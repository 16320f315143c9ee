package org.wucme.cli;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

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
            String text = withoutByteOrderMark(Files.readString(file));
            // Every second octet of ASCII text in UTF-16.
            if (text.indexOf('\0') >= 0) {
                throw notUtf8(file, null);
            }
            return text;
        } catch (CharacterCodingException e) {
            throw notUtf8(file, e);
        }
    }

    private static IOException notUtf8(Path file, @Nullable IOException cause) {
        return new IOException(file + " is not text in UTF-8: save it in that encoding", cause);
    }

    /** The text without the mark that some editors put in front of it. */
    public static String withoutByteOrderMark(String text) {
        return text.startsWith("\uFEFF") ? text.substring(1) : text;
    }
}
