package org.wucme.store.file;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import org.wucme.acme.challenge.Lease;
import org.wucme.store.LeaseNames;

/** A process of its own that takes the locks of a certificate and of the active manager, and keeps them to its end. */
final class LockingChild {

    private LockingChild() {}

    public static void main(String[] arguments) throws IOException {
        FileStore store = FileStore.open(Path.of(arguments[0]));
        try (Lease lock = store.lease(LeaseNames.certificate(TestCertificates.NAME), Duration.ofSeconds(10))
                        .orElseThrow();
                Lease active =
                        store.lease(LeaseNames.ACTIVE, Duration.ofSeconds(10)).orElseThrow()) {
            // A careless question would free the lock.
            System.out.println(store.active().isPresent() ? "locked" : "free");
            System.in.transferTo(OutputStream.nullOutputStream());
        }
    }
}
