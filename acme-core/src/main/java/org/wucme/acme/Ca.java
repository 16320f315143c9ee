package org.wucme.acme;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import okhttp3.HttpUrl;

/**
 * A certification authority that speaks ACME, as data: all that is known of one CA and not of the others stands here.
 *
 * @param name what an administrator calls it on the command line
 * @param directoryUrl URL of its directory (RFC 8555 section 7.1.1), https
 * @param polling how to wait for its orders when nothing else is said
 * @param quirks in what it departs from what one would expect
 * @param orderRate how many orders a certificate manager sends it when nothing else is said: {@link OrderRate#USUAL} for those
 *     that are open to all and limit what one account may do, {@link OrderRate#UNLIMITED} for a private one, which is what any
 *     other CA is taken for
 */
public record Ca(String name, String directoryUrl, PollingPolicy polling, Set<CaQuirk> quirks, OrderRate orderRate) {

    /** Let's Encrypt. */
    public static final Ca LETS_ENCRYPT = open("letsencrypt", "https://acme-v02.api.letsencrypt.org/directory");

    /** Let's Encrypt's staging service: loose limits, certificates that nobody trusts. */
    public static final Ca LETS_ENCRYPT_STAGING =
            open("letsencrypt-staging", "https://acme-staging-v02.api.letsencrypt.org/directory");

    /** Google Trust Services; a key for account binding serves once, within seven days. */
    public static final Ca GOOGLE =
            open("google", "https://dv.acme-v02.api.pki.goog/directory", CaQuirk.EXTERNAL_ACCOUNT_REQUIRED);

    /** Google Trust Services' test service, which has keys for account binding of its own. */
    public static final Ca GOOGLE_TEST =
            open("google-test", "https://dv.acme-v02.test-api.pki.goog/directory", CaQuirk.EXTERNAL_ACCOUNT_REQUIRED);

    /** ZeroSSL; an order may take minutes, at times hours. */
    public static final Ca ZEROSSL = new Ca(
            "zerossl",
            "https://acme.zerossl.com/v2/DV90",
            new PollingPolicy(Duration.ofSeconds(1), 1.6, Duration.ofSeconds(30), Duration.ofMinutes(20)),
            Set.of(CaQuirk.EXTERNAL_ACCOUNT_REQUIRED, CaQuirk.NO_ACCOUNT_LOOKUP, CaQuirk.NO_STAGING),
            OrderRate.USUAL);

    /** Sectigo, domain-validated certificates. */
    public static final Ca SECTIGO = open(
            "sectigo", "https://acme.sectigo.com/v2/DV", CaQuirk.EXTERNAL_ACCOUNT_REQUIRED, CaQuirk.NO_ACCOUNT_LOOKUP);

    /** SSL.com, for certificates with RSA keys. */
    public static final Ca SSLCOM_RSA = sslCom("sslcom-rsa", "https://acme.ssl.com/sslcom-dv-rsa");

    /** SSL.com, for certificates with EC keys. */
    public static final Ca SSLCOM_ECC = sslCom("sslcom-ecc", "https://acme.ssl.com/sslcom-dv-ecc");

    /** Actalis. */
    public static final Ca ACTALIS =
            open("actalis", "https://acme-api.actalis.com/acme/directory", CaQuirk.EXTERNAL_ACCOUNT_REQUIRED);

    /**
     * DigiCert. Some accounts have another URL, which comes with their key for account binding: use that, then.
     */
    public static final Ca DIGICERT = open(
            "digicert", "https://one.digicert.com/mpki/api/v1/acme/v2/directory", CaQuirk.EXTERNAL_ACCOUNT_REQUIRED);

    /** Pebble, Let's Encrypt's CA for tests, on this machine at its usual port. */
    public static final Ca PEBBLE = new Ca("pebble", "https://localhost:14000/dir", CaQuirk.PRIVATE_ROOT);

    private static final List<Ca> OWN = List.of(
            LETS_ENCRYPT,
            LETS_ENCRYPT_STAGING,
            GOOGLE,
            GOOGLE_TEST,
            ZEROSSL,
            SECTIGO,
            SSLCOM_RSA,
            SSLCOM_ECC,
            ACTALIS,
            DIGICERT,
            PEBBLE);

    public Ca {
        HttpUrl url = HttpUrl.parse(directoryUrl);
        if (url == null || !url.isHttps()) {
            throw new IllegalArgumentException(
                    "a CA's directory is an https URL (RFC 8555 section 6.1), not \"" + directoryUrl + "\"");
        }
        quirks = Set.copyOf(quirks);
        Objects.requireNonNull(orderRate, "orderRate");
    }

    /** A private CA with these quirks. */
    public Ca(String name, String directoryUrl, PollingPolicy polling, Set<CaQuirk> quirks) {
        this(name, directoryUrl, polling, quirks, OrderRate.UNLIMITED);
    }

    /** A private CA with these quirks, often none, that is waited for as usual. */
    public Ca(String name, String directoryUrl, CaQuirk... quirks) {
        this(name, directoryUrl, PollingPolicy.DEFAULT, Set.of(quirks));
    }

    /**
     * A step-ca, or a Caddy with its {@code acme_server}, which is made of the same code.
     *
     * @param directoryUrl such as {@code https://ca.example.org/acme/acme/directory}, or for Caddy
     *     {@code https://ca.example.org/acme/local/directory}
     */
    public static Ca stepCa(String name, String directoryUrl) {
        return new Ca(name, directoryUrl, CaQuirk.NO_KEY_CHANGE, CaQuirk.PRIVATE_ROOT);
    }

    private static Ca open(String name, String directoryUrl, CaQuirk... quirks) {
        return new Ca(name, directoryUrl, PollingPolicy.DEFAULT, Set.of(quirks), OrderRate.USUAL);
    }

    private static Ca sslCom(String name, String directoryUrl) {
        return open(
                name,
                directoryUrl,
                CaQuirk.EXTERNAL_ACCOUNT_REQUIRED,
                CaQuirk.CONTACT_REQUIRED,
                CaQuirk.NO_RENEWAL_INFO);
    }

    /**
     * A CA by its name, in any case of letters, or by the URL of its directory: one of {@link #presets()}, or another one of
     * which nothing but the URL is known. That one has the order rate of a preset on the same host, as there are further
     * directories at DigiCert and Sectigo.
     *
     * @throws IllegalArgumentException if it is neither; the message lists the names
     */
    public static Ca of(String nameOrUrl) {
        if (nameOrUrl.contains("://")) {
            return find(ca -> ca.directoryUrl.equals(nameOrUrl)).orElseGet(() -> unnamed(nameOrUrl));
        }
        return find(ca -> ca.name.equalsIgnoreCase(nameOrUrl))
                .orElseThrow(() -> new IllegalArgumentException("\"" + nameOrUrl
                        + "\" is neither the https URL of a CA's directory nor one of: "
                        + presets().stream().map(Ca::name).collect(Collectors.joining(", "))));
    }

    // What else is known of a preset holds for its own directory alone: another one may well have other quirks.
    private static Ca unnamed(String directoryUrl) {
        Ca unknown = new Ca(directoryUrl, directoryUrl);
        OrderRate rate = find(unknown::isOnHostOf).orElse(unknown).orderRate;
        return new Ca(unknown.name, unknown.directoryUrl, unknown.polling, unknown.quirks, rate);
    }

    private boolean isOnHostOf(Ca preset) {
        return HttpUrl.get(directoryUrl)
                .host()
                .equals(HttpUrl.get(preset.directoryUrl).host());
    }

    /** The CAs known by name: those of this library, then those of each {@link CaProvider}. */
    public static List<Ca> presets() {
        List<Ca> known = new ArrayList<>(OWN);
        provided().filter(ca -> known.stream().noneMatch(ca::clashesWith)).forEach(known::add);
        return List.copyOf(known);
    }

    // Providers are looked for only when the CA is none of ours.
    private static Optional<Ca> find(Predicate<Ca> wanted) {
        return OWN.stream()
                .filter(wanted)
                .findFirst()
                .or(() -> presets().stream().filter(wanted).findFirst());
    }

    private static Stream<Ca> provided() {
        return ServiceLoader.load(CaProvider.class).stream().flatMap(provider -> provider.get().cas().stream());
    }

    private boolean clashesWith(Ca other) {
        return name.equalsIgnoreCase(other.name) || directoryUrl.equals(other.directoryUrl);
    }

    /** Whether it has a quirk. */
    public boolean has(CaQuirk quirk) {
        return quirks.contains(quirk);
    }

    /** Whether an account must be bound to one that the CA knows already (RFC 8555 section 7.3.4), whatever it says. */
    public boolean externalAccountRequired() {
        return has(CaQuirk.EXTERNAL_ACCOUNT_REQUIRED);
    }

    void requireContacts(List<String> contacts) throws AcmeException {
        if (has(CaQuirk.CONTACT_REQUIRED) && contacts.isEmpty()) {
            throw new AcmeException(name + " issues no certificate to an account without an e-mail address:"
                    + " register with a contact such as mailto:hostmaster@example.org");
        }
    }
}
