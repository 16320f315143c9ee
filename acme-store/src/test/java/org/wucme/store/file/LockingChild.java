package org.wucme.store.file;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import org.wucme.store.StoreLock;

/** A process of its own that takes the lock of a certificate, says so, and keeps it until it is ended. */
final class LockingChild {

    private LockingChild() {}

    public static void main(String[] arguments) throws IOException {
        try (StoreLock lock = FileStore.open(Path.of(arguments[0]))
                .lock(TestCertificates.NAME, Duration.ofSeconds(10))
                .orElseThrow()) {
            System.out.println("locked");
            System.in.transferTo(OutputStream.nullOutputStream());
        }
    }
}
