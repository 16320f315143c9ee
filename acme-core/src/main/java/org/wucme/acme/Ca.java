package org.wucme.acme;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import okhttp3.HttpUrl;

/**
 * A certification authority that speaks ACME, as data.
 *
 * @param name what an administrator calls it on the command line
 * @param directoryUrl URL of its directory (RFC 8555 section 7.1.1), https
 */
public record Ca(String name, String directoryUrl) {

    /** Let's Encrypt. */
    public static final Ca LETS_ENCRYPT = new Ca("letsencrypt", "https://acme-v02.api.letsencrypt.org/directory");

    /** Let's Encrypt's staging service: loose limits, certificates that nobody trusts. */
    public static final Ca LETS_ENCRYPT_STAGING =
            new Ca("letsencrypt-staging", "https://acme-staging-v02.api.letsencrypt.org/directory");

    private static final List<Ca> PRESETS = List.of(LETS_ENCRYPT, LETS_ENCRYPT_STAGING);

    public Ca {
        HttpUrl url = HttpUrl.parse(directoryUrl);
        if (url == null || !url.isHttps()) {
            throw new IllegalArgumentException(
                    "a CA's directory is an https URL (RFC 8555 section 6.1), not \"" + directoryUrl + "\"");
        }
    }

    /**
     * A CA by its preset name or by the URL of its directory.
     *
     * @throws IllegalArgumentException if it is neither; the message lists the names
     */
    public static Ca of(String nameOrUrl) {
        if (nameOrUrl.contains("://")) {
            return PRESETS.stream()
                    .filter(ca -> ca.directoryUrl.equals(nameOrUrl))
                    .findFirst()
                    .orElseGet(() -> new Ca(nameOrUrl, nameOrUrl));
        }
        return PRESETS.stream()
                .filter(ca -> ca.name.equals(nameOrUrl.toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("\"" + nameOrUrl
                        + "\" is neither the https URL of a CA's directory nor one of: "
                        + PRESETS.stream().map(Ca::name).collect(Collectors.joining(", "))));
    }

    /** The CAs known by name. */
    public static List<Ca> presets() {
        return PRESETS;
    }
}
