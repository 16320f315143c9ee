package org.wucme.cli.imports;

import java.net.URI;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.wucme.acme.Ca;

/** Finds out which CA is meant, since some clients keep no more of it than its host. */
final class Directories {

    private final @Nullable String asked;

    /** With the URL of the directory that the user named; null if he named none. */
    Directories(@Nullable String asked) {
        this.asked = asked;
    }

    /**
     * The directory of which the client has the URL. ACME's first version has ended; Let's Encrypt kept its accounts.
     *
     * @throws IllegalArgumentException if it is not an https URL
     */
    static String of(String url) {
        String current = url.replaceFirst("^https://acme-v01\\.", "https://acme-v02.")
                .replaceFirst("^https://acme-staging\\.", "https://acme-staging-v02.");
        return new Ca(current, URI.create(current).toString()).directoryUrl();
    }

    /**
     * The directory at a host.
     *
     * @param host perhaps with a port, behind a colon or an underscore
     * @throws LeftOutException if only the user can say which it is, and has not
     */
    String atHost(String host) throws LeftOutException {
        return known().filter(url -> sameHost(host, url))
                .findFirst()
                .orElseThrow(() -> new LeftOutException(
                        "which CA is at " + host + " is not said: give the URL of its directory by --ca"));
    }

    /**
     * The directory of the CA that the user named, else of the one that a certificate says is Let's Encrypt.
     *
     * @param chain the certificate and those above it, in any order
     *
     * @throws LeftOutException if only the user can say which it is, and has not
     */
    String of(List<X509Certificate> chain) throws LeftOutException {
        return Optional.ofNullable(asked)
                .or(() -> letsEncrypt(chain))
                .orElseThrow(() -> new LeftOutException(
                        "from which CA it is, is not said: give the URL of its directory by --ca"));
    }

    /** The directory of the CA that the user named. */
    Optional<String> asked() {
        return Optional.ofNullable(asked);
    }

    /** An account's URL, if it can be one of the CA with this directory; null if it is of another host, or there is none. */
    static @Nullable String accountOf(String directoryUrl, @Nullable String accountUrl) {
        return accountUrl != null && isAccountOf(directoryUrl, accountUrl) ? accountUrl : null;
    }

    private static boolean isAccountOf(String directoryUrl, String accountUrl) {
        try {
            URI account = URI.create(accountUrl);
            URI directory = URI.create(directoryUrl);
            return "https".equals(account.getScheme())
                    && account.getRawAuthority() != null
                    && account.getRawAuthority().equalsIgnoreCase(directory.getRawAuthority());
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private Stream<String> known() {
        return Stream.concat(Stream.ofNullable(asked), Ca.presets().stream().map(Ca::directoryUrl));
    }

    private static boolean sameHost(String host, String url) {
        String authority = String.valueOf(URI.create(url).getRawAuthority()).toLowerCase(Locale.ROOT);
        String wanted = host.toLowerCase(Locale.ROOT);
        return wanted.equals(authority) || wanted.equals(authority.replace(':', '_'));
    }

    private static Optional<String> letsEncrypt(List<X509Certificate> chain) {
        if (isIssuedBy(chain, "O=(STAGING) Let's Encrypt")) {
            return Optional.of(Ca.LETS_ENCRYPT_STAGING.directoryUrl());
        }
        return isIssuedBy(chain, "O=Let's Encrypt") ? Optional.of(Ca.LETS_ENCRYPT.directoryUrl()) : Optional.empty();
    }

    private static boolean isIssuedBy(List<X509Certificate> chain, String organization) {
        return chain.stream()
                .anyMatch(certificate ->
                        certificate.getIssuerX500Principal().getName().contains(organization));
    }
}
