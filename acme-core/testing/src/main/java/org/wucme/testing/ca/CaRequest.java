package org.wucme.testing.ca;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An HTTP request to a {@link TestCa} in process ({@link TestCa#handle}).
 *
 * @param url the whole URL, spelled as the CA gave it to the client
 * @param headers the header fields; names in any case, the values of one name in their order
 * @param body empty if there is none
 */
public record CaRequest(String method, String url, Map<String, List<String>> headers, String body) {
    public CaRequest {
        Map<String, List<String>> copy = new LinkedHashMap<>();
        headers.forEach((name, values) -> copy.put(name, List.copyOf(values)));
        headers = copy;
    }
}
