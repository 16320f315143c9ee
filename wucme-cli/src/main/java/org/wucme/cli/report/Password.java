package org.wucme.cli.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import org.wucme.acme.internal.jca.Jca;
import org.wucme.cli.SecretFile;

/** What somebody must know to read the report from elsewhere. Only its digest is kept. Immutable. */
public final class Password {

    private static final int SHORTEST = 8;

    private final byte[] digest;

    private Password(String text) {
        if (text.length() < SHORTEST) {
            throw new IllegalArgumentException("the password of the report has fewer than " + SHORTEST + " characters");
        }
        digest = digest(text);
    }

    /**
     * A password.
     *
     * @throws IllegalArgumentException if it is too short
     */
    public static Password of(String text) {
        return new Password(text);
    }

    /**
     * What is in a file, as {@link SecretFile} reads it.
     *
     * @throws IOException if it cannot be read, or is too short; the message says so
     */
    public static Password read(Path file) throws IOException {
        String secret = SecretFile.read(file);
        try {
            return new Password(secret);
        } catch (IllegalArgumentException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }

    /** Whether a text is the password; takes as long for any text of the same length. */
    boolean matches(String text) {
        return MessageDigest.isEqual(digest, digest(text));
    }

    private static byte[] digest(String text) {
        return Jca.sha256().digest(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Without the password. */
    @Override
    public String toString() {
        return "Password[hidden]";
    }
}
