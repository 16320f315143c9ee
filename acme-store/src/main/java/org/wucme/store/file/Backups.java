package org.wucme.store.file;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * Keeps what is replaced, under its name and the local time to the hundredth of a second. A time that is taken already is
 * passed over for the next one that is free.
 */
final class Backups {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuuMMddHHmmssSS", Locale.ROOT);
    private static final Duration HUNDREDTH = Duration.ofMillis(10);

    private final Folder folder;
    private final Clock clock;

    Backups(Folder folder, Clock clock) {
        this.folder = folder;
        this.clock = clock;
    }

    /** Gives a file a second name. It keeps the first until another takes its place there. */
    Path backUp(Path file) throws IOException {
        LocalDateTime time = LocalDateTime.now(clock);
        while (true) {
            Path backup = Folder.withSuffix(file, "_" + TIME.format(time));
            try {
                folder.keep(file, backup);
                return backup;
            } catch (FileAlreadyExistsException e) {
                time = time.plus(HUNDREDTH);
            }
        }
    }

    /**
     * What is appended to the name of a file that goes out of service now.
     *
     * @param reason such as {@code _REVOKED_}
     */
    String suffixOfArchived(Path file, String reason) {
        for (LocalDateTime time = LocalDateTime.now(clock); ; time = time.plus(HUNDREDTH)) {
            String suffix = reason + TIME.format(time);
            if (!Files.exists(Folder.withSuffix(file, suffix), LinkOption.NOFOLLOW_LINKS)) {
                return suffix;
            }
        }
    }
}
