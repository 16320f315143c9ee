package org.wucme.acme.challenge;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A TXT record that answers a challenge. Immutable.
 *
 * @param name where it goes: a full domain name, without {@code *.} and without a trailing dot
 * @param value its text in ASCII; how a zone carries more than 255 characters, {@link #strings} says
 */
public record TxtRecord(String name, String value) {

    private static final int LONGEST_STRING = 255;

    public TxtRecord {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(value, "value");
    }

    /** The value as the character-strings of one record, each at most 255 octets (RFC 1035 section 3.3.14). */
    public List<String> strings() {
        List<String> strings = new ArrayList<>();
        for (int start = 0; start < value.length(); start += LONGEST_STRING) {
            strings.add(value.substring(start, Math.min(value.length(), start + LONGEST_STRING)));
        }
        return List.copyOf(strings);
    }
}
