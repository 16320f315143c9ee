package org.wucme.testing.ca;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a {@link TestCa} in process answers ({@link TestCa#handle}).
 *
 * @param headers the header fields in their order, a name as often as it occurs
 * @param body empty if there is none, and in a response to HEAD
 */
public record CaResponse(int status, List<Map.Entry<String, String>> headers, String body) {
    public CaResponse {
        headers = List.copyOf(headers);
    }

    /** The first value of a header field; the case of the name does not matter. */
    public Optional<String> header(String name) {
        return headers.stream()
                .filter(field -> field.getKey().equalsIgnoreCase(name))
                .map(Map.Entry::getValue)
                .findFirst();
    }
}
