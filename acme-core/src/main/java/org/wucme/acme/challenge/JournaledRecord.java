package org.wucme.acme.challenge;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A DNS record that was written for a challenge, or is about to be, and is to be removed. Immutable.
 *
 * @param provider the name of the provider's configuration with which the record is removed
 * @param zone the zone that contains the record, without a trailing dot
 * @param name the full name of the TXT record, without a trailing dot
 * @param value the value of this record; others at the same name are not affected
 * @param handle by what the provider finds the record, such as its id; null if it is not known, or needs none
 */
public record JournaledRecord(
        String provider,
        String zone,
        String name,
        String value,
        @Nullable String handle) {

    public JournaledRecord {
        Objects.requireNonNull(provider, "provider");
        Objects.requireNonNull(zone, "zone");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(value, "value");
    }

    /** Whether both are the same record in the DNS, whatever is known of its handle. */
    public boolean isSameRecord(JournaledRecord other) {
        return provider.equals(other.provider)
                && zone.equals(other.zone)
                && name.equals(other.name)
                && value.equals(other.value);
    }
}
