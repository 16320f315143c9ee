package org.wucme.store;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.wucme.acme.challenge.Lease;

/** How due certificates are claimed where a store has no faster way: one after the other. */
final class Claims {

    private Claims() {}

    static List<ClaimedCertificate> of(CertificateStore store, Instant until, int limit) throws IOException {
        List<ClaimedCertificate> claimed = new ArrayList<>();
        try {
            for (StoredCertificate due : store.due(until, Integer.MAX_VALUE)) {
                if (claimed.size() == limit) {
                    break;
                }
                claim(store, due.name(), until).ifPresent(claimed::add);
            }
            return List.copyOf(claimed);
        } catch (IOException | RuntimeException | Error e) {
            claimed.forEach(each -> each.lease().close());
            throw e;
        }
    }

    private static Optional<ClaimedCertificate> claim(CertificateStore store, String name, Instant until)
            throws IOException {
        Lease lease = store.lease(LeaseNames.certificate(name), Duration.ZERO).orElse(null);
        if (lease == null) {
            return Optional.empty();
        }
        Optional<ClaimedCertificate> claimed = Optional.empty();
        try {
            // Another one may have renewed it between the look and the lease.
            claimed = store.load(name)
                    .filter(present ->
                            DueDate.of(present).filter(at -> !at.isAfter(until)).isPresent())
                    .map(present -> new ClaimedCertificate(present, lease));
            return claimed;
        } finally {
            if (claimed.isEmpty()) {
                lease.close();
            }
        }
    }
}
