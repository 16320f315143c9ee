package org.wucme.acme.internal.json;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wucme.acme.AccountInfo;
import org.wucme.acme.AccountStatus;
import org.wucme.acme.AcmeProtocolException;
import org.wucme.acme.Authorization;
import org.wucme.acme.AuthorizationStatus;
import org.wucme.acme.AutoRenewal;
import org.wucme.acme.AutoRenewalLimits;
import org.wucme.acme.Directory;
import org.wucme.acme.Identifier;
import org.wucme.acme.Order;
import org.wucme.acme.OrderStatus;
import org.wucme.acme.Problem;
import org.wucme.acme.challenge.Challenge;
import org.wucme.acme.challenge.ChallengeStatus;
import org.wucme.acme.challenge.DeviceAttest01;
import org.wucme.acme.challenge.Dns01;
import org.wucme.acme.challenge.DnsAccount01;
import org.wucme.acme.challenge.DnsPersist01;
import org.wucme.acme.challenge.EmailReply00;
import org.wucme.acme.challenge.Http01;
import org.wucme.acme.challenge.OnionCsr01;
import org.wucme.acme.challenge.TlsAlpn01;
import org.wucme.acme.challenge.UnknownChallenge;
import org.wucme.acme.internal.text.OneLine;

/** Turns the JSON of each resource (RFC 8555 section 7.1) into its record. */
public final class Resources {

    private static final Logger LOG = LoggerFactory.getLogger(Resources.class);

    private static final Pattern BASE64URL = Pattern.compile("[A-Za-z0-9_-]+");
    private static final int BASE64_GROUP = 4;
    private static final int LONGEST_TOKEN = 255;

    // Bounds for what is kept or shown; no CA comes near them.
    private static final int MOST_CONTACTS = 100;
    private static final int LONGEST_CONTACT = 2000;
    private static final int MOST_CHALLENGES = 100;

    private Resources() {}

    /**
     * A directory (RFC 8555 section 7.1.1): only {@code newNonce} must be there, without which nothing can be asked.
     *
     * @throws AcmeProtocolException if that is missing
     */
    public static Directory directory(Json json) throws AcmeProtocolException {
        Json meta = json.objectOrEmpty("meta");
        return new Directory(
                json.string("newNonce"),
                json.optionalString("newAccount"),
                json.optionalString("newOrder"),
                json.optionalString("newAuthz"),
                json.optionalString("revokeCert"),
                json.optionalString("keyChange"),
                json.optionalString("renewalInfo"),
                meta.optionalString("termsOfService"),
                meta.optionalString("website"),
                meta.strings("caaIdentities"),
                autoRenewalLimits(meta.optionalObject("auto-renewal")),
                meta.isTrue("delegation-enabled"),
                meta.isTrue("allow-certificate-get"),
                meta.isTrue("subdomainAuthAllowed"),
                meta.isTrue("inBandOnionCAARequired"),
                meta.isTrue("externalAccountRequired"),
                meta.stringMap("profiles"),
                meta.strings("issuerDomainNames"),
                meta.optionalString("accountHashPrefix"));
    }

    /** An account (RFC 8555 section 7.1.2). */
    public static AccountInfo account(String url, Json json) {
        return new AccountInfo(
                url,
                status(AccountStatus.class, json.optionalString("status"), AccountStatus.UNKNOWN),
                contacts(json),
                json.optionalString("orders"));
    }

    // One that is cut would be another address: it is left out.
    private static List<String> contacts(Json json) {
        return json.strings("contact", MOST_CONTACTS).stream()
                .filter(contact -> contact.length() <= LONGEST_CONTACT)
                .toList();
    }

    /** An order (RFC 8555 section 7.1.3); whatever it lacks is missed only by those who need it. */
    public static Order order(String url, Json json, @Nullable Instant retryAt) {
        String certificateUrl = json.optionalString("certificate");
        return new Order(
                url,
                orderStatus(json.optionalString("status"), certificateUrl),
                identifiers(json),
                json.strings("authorizations"),
                json.optionalString("finalize"),
                certificateUrl,
                json.optionalInstant("notBefore"),
                json.optionalInstant("notAfter"),
                json.optionalString("replaces"),
                autoRenewal(json.optionalObject("auto-renewal")),
                json.optionalString("star-certificate"),
                json.optionalString("delegation"),
                json.optionalInstant("expires"),
                json.optionalString("profile"),
                optionalProblem(json),
                retryAt);
    }

    // Only an order that was issued has a certificate, whatever word the CA has for that.
    private static OrderStatus orderStatus(@Nullable String word, @Nullable String certificateUrl) {
        OrderStatus status = status(OrderStatus.class, word, OrderStatus.UNKNOWN);
        return status == OrderStatus.UNKNOWN && certificateUrl != null ? OrderStatus.VALID : status;
    }

    /**
     * An authorization (RFC 8555 section 7.1.4); its challenges keep the CA's order. One without a status has that of its
     * challenges.
     *
     * @param directory of the CA that sent it
     * @param retryAt when the CA wants to be asked again
     * @throws AcmeProtocolException if it has no identifier
     */
    public static Authorization authorization(String url, Json json, Directory directory, @Nullable Instant retryAt)
            throws AcmeProtocolException {
        Identifier identifier = optionalIdentifier(json.objectOrEmpty("identifier"));
        if (identifier == null) {
            throw new AcmeProtocolException("the authorization at " + url + " lacks \"identifier\"");
        }
        List<Challenge> challenges = challenges(json, directory);
        String word = json.optionalString("status");
        return new Authorization(
                url,
                word == null
                        ? statusOf(challenges)
                        : status(AuthorizationStatus.class, word, AuthorizationStatus.UNKNOWN),
                json.isTrue("wildcard") && !identifier.isWildcard()
                        ? new Identifier(identifier.type(), "*." + identifier.value())
                        : identifier,
                challenges,
                json.isTrue("subdomainAuthAllowed"),
                json.optionalInstant("expires"),
                retryAt);
    }

    // One that cannot even be named or answered must not keep the client from the others.
    private static List<Challenge> challenges(Json json, Directory directory) {
        List<Challenge> challenges = new ArrayList<>();
        for (Json challenge : json.objects("challenges", MOST_CHALLENGES)) {
            try {
                challenges.add(challenge(challenge, directory));
            } catch (AcmeProtocolException e) {
                LOG.info("a challenge is ignored: {}", e.getMessage());
            }
        }
        return challenges;
    }

    private static AuthorizationStatus statusOf(List<Challenge> challenges) {
        Set<ChallengeStatus> all = challenges.stream()
                .map(Challenge::status)
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(ChallengeStatus.class)));
        if (all.contains(ChallengeStatus.VALID)) {
            return AuthorizationStatus.VALID;
        }
        boolean isOpen = all.contains(ChallengeStatus.PENDING) || all.contains(ChallengeStatus.PROCESSING);
        return isOpen ? AuthorizationStatus.PENDING : AuthorizationStatus.UNKNOWN;
    }

    /**
     * A challenge (RFC 8555 section 8). A status may be missing (it is then pending). What its type needs may not: then it
     * is kept as unknown, so that the others can be used.
     *
     * @param directory of the CA that sent it
     * @throws AcmeProtocolException if it has no type or no URL
     */
    public static Challenge challenge(Json json, Directory directory) throws AcmeProtocolException {
        String type = json.string("type");
        String url = json.string("url");
        String word = json.optionalString("status");
        ChallengeStatus status =
                word == null ? ChallengeStatus.PENDING : status(ChallengeStatus.class, word, ChallengeStatus.UNKNOWN);
        Problem error = optionalProblem(json);
        try {
            return challenge(type, url, status, error, json, directory);
        } catch (AcmeProtocolException e) {
            LOG.info("a challenge {} cannot be answered: {}", OneLine.of(type), e.getMessage());
            return new UnknownChallenge(type, url, status, error, json.text());
        }
    }

    private static Challenge challenge(
            String type, String url, ChallengeStatus status, @Nullable Problem error, Json json, Directory directory)
            throws AcmeProtocolException {
        return switch (type) {
            case Http01.TYPE -> new Http01(url, base64url(json, "token"), status, error);
            case Dns01.TYPE -> new Dns01(url, base64url(json, "token"), status, error);
            case TlsAlpn01.TYPE -> new TlsAlpn01(url, base64url(json, "token"), status, error);
            case DnsAccount01.TYPE -> new DnsAccount01(url, base64url(json, "token"), status, error);
            case DnsPersist01.TYPE -> dnsPersist01(json, url, directory.accountHashPrefix(), status, error);
            case EmailReply00.TYPE ->
                new EmailReply00(url, base64url(json, "token"), json.string("from"), status, error);
            case DeviceAttest01.TYPE -> new DeviceAttest01(url, base64url(json, "token"), status, error);
            case OnionCsr01.TYPE ->
                new OnionCsr01(url, decodable(json, "nonce"), text(json.optionalObject("authKey")), status, error);
            default -> new UnknownChallenge(type, url, status, error, json.text());
        };
    }

    // The name of the list tells the generation: hyphens up to draft -01, camel case since -02.
    private static Challenge dnsPersist01(
            Json json, String url, @Nullable String accountHashPrefix, ChallengeStatus status, @Nullable Problem error)
            throws AcmeProtocolException {
        List<String> early = json.strings("issuer-domain-names");
        boolean hashed = early.isEmpty();
        List<String> names = hashed ? json.strings("issuerDomainNames") : early;
        return new DnsPersist01(
                url, names, hashed, json.optionalString("accounturi"), accountHashPrefix, status, error);
    }

    /** A problem document (RFC 7807); every member may be missing or of the wrong type. */
    public static Problem problem(Json json) {
        String type = json.optionalString("type");
        return new Problem(
                type == null ? "about:blank" : type,
                json.optionalString("title"),
                json.optionalString("detail"),
                json.intOrZero("status"),
                json.optionalString("instance"),
                optionalIdentifier(json.objectOrEmpty("identifier")),
                json.objects("subproblems").stream().map(Resources::problem).toList(),
                json.strings("algorithms"));
    }

    private static @Nullable AutoRenewalLimits autoRenewalLimits(@Nullable Json json) {
        return json == null
                ? null
                : new AutoRenewalLimits(
                        seconds(json, "min-lifetime"),
                        seconds(json, "max-duration"),
                        json.isTrue("allow-certificate-get"));
    }

    private static @Nullable Duration seconds(Json json, String member) {
        int seconds = json.intOrZero(member);
        return seconds == 0 ? null : Duration.ofSeconds(seconds);
    }

    private static @Nullable AutoRenewal autoRenewal(@Nullable Json json) {
        Instant end = json == null ? null : json.optionalInstant("end-date");
        Duration lifetime = json == null ? null : seconds(json, "lifetime");
        if (json == null || end == null || lifetime == null) {
            return null;
        }
        try {
            return new AutoRenewal(
                    json.optionalInstant("start-date"),
                    end,
                    lifetime,
                    Duration.ofSeconds(json.intOrZero("lifetime-adjust")),
                    json.isTrue("allow-certificate-get"));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    // Some CAs write their words alone, without a document around them.
    private static @Nullable Problem optionalProblem(Json json) {
        Json error = json.optionalObject("error", "detail");
        return error == null ? null : problem(error);
    }

    // All or none: a list with a gap would look like that of another order.
    private static List<Identifier> identifiers(Json json) {
        List<@Nullable Identifier> identifiers = new ArrayList<>();
        json.objects("identifiers").forEach(each -> identifiers.add(optionalIdentifier(each)));
        return identifiers.contains(null)
                ? List.of()
                : identifiers.stream().map(Objects::requireNonNull).toList();
    }

    private static @Nullable Identifier optionalIdentifier(Json json) {
        String type = json.optionalString("type");
        String value = json.optionalString("value");
        return type == null || value == null ? null : identifier(type, value);
    }

    // In the form in which it was asked for: another spelling of a name is no other name.
    private static Identifier identifier(String type, String value) {
        try {
            return switch (type.toLowerCase(Locale.ROOT)) {
                case Identifier.DNS -> Identifier.dns(value);
                case Identifier.IP -> Identifier.ip(value);
                default -> new Identifier(type, value);
            };
        } catch (IllegalArgumentException e) {
            return new Identifier(type, value);
        }
    }

    // A token becomes part of a path and of a file name: nothing but base64url may pass (RFC 8555 section 8.1).
    private static String base64url(Json json, String member) throws AcmeProtocolException {
        String text = json.string(member);
        if (text.length() > LONGEST_TOKEN) {
            throw new AcmeProtocolException("the CA sent a challenge " + member + " of " + text.length()
                    + " characters, which fits no file name");
        }
        if (!BASE64URL.matcher(text).matches()) {
            throw new AcmeProtocolException("the CA sent a challenge " + member + " that is not base64url");
        }
        return text;
    }

    // No octets end in a single digit of base64url.
    private static String decodable(Json json, String member) throws AcmeProtocolException {
        String text = base64url(json, member);
        if (text.length() % BASE64_GROUP == 1) {
            throw new AcmeProtocolException("the CA sent a challenge " + member + " that is cut off");
        }
        return text;
    }

    private static @Nullable String text(@Nullable Json json) {
        return json == null ? null : json.text();
    }

    private static <S extends Enum<S>> S status(Class<S> kind, @Nullable String word, S unknown) {
        String wanted = word == null ? "" : word.strip();
        for (S status : kind.getEnumConstants()) {
            if (status != unknown && status.toString().equalsIgnoreCase(wanted)) {
                return status;
            }
        }
        return unknown;
    }
}
