package org.wucme.cli.notify;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The files of notices that wait in a folder. */
final class Outboxes {

    private Outboxes() {}

    static List<Path> in(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().startsWith("WUCME_N_"))
                    .toList();
        }
    }
}
