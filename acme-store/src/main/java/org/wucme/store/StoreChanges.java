package org.wucme.store;

import java.util.List;
import java.util.Objects;

/**
 * What has changed in a store since a caller asked last. Immutable.
 *
 * @param cursor for the next call of {@link CertificateStore#changedSince}
 * @param isComplete whether {@code changed} is all that is stored, so that what a caller knows beyond it is gone
 * @param changed what was added or changed, without keys, each once
 * @param removed the names of what is gone; empty if this is complete
 */
public record StoreChanges(String cursor, boolean isComplete, List<StoredCertificate> changed, List<String> removed) {

    public StoreChanges {
        Objects.requireNonNull(cursor, "cursor");
        changed = List.copyOf(changed);
        removed = List.copyOf(removed);
    }
}
