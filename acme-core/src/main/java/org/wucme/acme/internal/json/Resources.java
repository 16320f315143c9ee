package org.wucme.acme.internal.json;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
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

/** Turns the JSON of each resource (RFC 8555 section 7.1) into its record. */
public final class Resources {

    private static final Logger LOG = LoggerFactory.getLogger(Resources.class);

    private static final Pattern BASE64URL = Pattern.compile("[A-Za-z0-9_-]+");
    private static final int BASE64_GROUP = 4;

    private Resources() {}

    /** A directory (RFC 8555 section 7.1.1); everything in {@code meta} is optional. */
    public static Directory directory(Json json) throws AcmeProtocolException {
        Json given = json.optionalObject("meta");
        Json meta = given != null ? given : Json.parse(new byte[] {'{', '}'}, "no meta");
        // An extension that is written wrongly must not keep anybody from the rest.
        Json extensions = meta.tolerant();
        return new Directory(
                json.string("newNonce"),
                json.string("newAccount"),
                json.string("newOrder"),
                json.optionalString("newAuthz"),
                json.string("revokeCert"),
                json.optionalString("keyChange"),
                json.optionalString("renewalInfo"),
                meta.optionalString("termsOfService"),
                meta.optionalString("website"),
                meta.strings("caaIdentities"),
                autoRenewalLimits(extensions.optionalObject("auto-renewal")),
                extensions.isTrue("delegation-enabled"),
                extensions.isTrue("allow-certificate-get"),
                extensions.isTrue("subdomainAuthAllowed"),
                extensions.isTrue("inBandOnionCAARequired"),
                meta.isTrue("externalAccountRequired"),
                extensions.stringMap("profiles"),
                extensions.strings("issuerDomainNames"),
                extensions.optionalString("accountHashPrefix"));
    }

    /** An account (RFC 8555 section 7.1.2). */
    public static AccountInfo account(String url, Json json) throws AcmeProtocolException {
        return new AccountInfo(
                url,
                status(AccountStatus.class, json.optionalString("status"), AccountStatus.UNKNOWN),
                json.strings("contact"),
                json.optionalString("orders"));
    }

    /** An order (RFC 8555 section 7.1.3). */
    public static Order order(String url, Json json, @Nullable Instant retryAt) throws AcmeProtocolException {
        List<Identifier> identifiers = new ArrayList<>();
        for (Json identifier : json.objects("identifiers")) {
            identifiers.add(identifier(identifier));
        }
        // What the CA only repeats must not keep anybody from the rest.
        Json repeated = json.tolerant();
        return new Order(
                url,
                status(OrderStatus.class, json.string("status"), OrderStatus.UNKNOWN),
                identifiers,
                json.strings("authorizations"),
                json.string("finalize"),
                json.optionalString("certificate"),
                repeated.optionalInstant("notBefore"),
                repeated.optionalInstant("notAfter"),
                repeated.optionalString("replaces"),
                autoRenewal(repeated.optionalObject("auto-renewal")),
                json.optionalString("star-certificate"),
                repeated.optionalString("delegation"),
                json.optionalInstant("expires"),
                json.optionalString("profile"),
                optionalProblem(json.optionalObject("error")),
                retryAt);
    }

    /**
     * An authorization (RFC 8555 section 7.1.4); its challenges keep the CA's order.
     *
     * @param directory of the CA that sent it
     */
    public static Authorization authorization(String url, Json json, Directory directory) throws AcmeProtocolException {
        Json given = json.optionalObject("identifier");
        if (given == null) {
            throw new AcmeProtocolException("the authorization at " + url + " lacks \"identifier\"");
        }
        Identifier identifier = identifier(given);
        List<Challenge> challenges = new ArrayList<>();
        for (Json challenge : json.objects("challenges")) {
            challenges.add(challenge(challenge, directory));
        }
        return new Authorization(
                url,
                status(AuthorizationStatus.class, json.string("status"), AuthorizationStatus.UNKNOWN),
                json.isTrue("wildcard") ? new Identifier(identifier.type(), "*." + identifier.value()) : identifier,
                challenges,
                json.isTrue("subdomainAuthAllowed"),
                json.optionalInstant("expires"));
    }

    /**
     * A challenge (RFC 8555 section 8). A status may be missing (it is then pending). What its type needs may not: then it
     * is kept as unknown, so that it is in nobody's way who wants another.
     *
     * @param directory of the CA that sent it
     */
    public static Challenge challenge(Json json, Directory directory) throws AcmeProtocolException {
        String type = json.string("type");
        String url = json.string("url");
        ChallengeStatus status = json.optionalString("status") == null
                ? ChallengeStatus.PENDING
                : status(ChallengeStatus.class, json.string("status"), ChallengeStatus.UNKNOWN);
        Problem error = optionalProblem(json.optionalObject("error"));
        try {
            return challenge(type, url, status, error, json, directory);
        } catch (AcmeProtocolException e) {
            LOG.info("a challenge {} cannot be answered: {}", type, e.getMessage());
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
        List<String> names = json.strings("issuer-domain-names");
        boolean hashed = names.isEmpty();
        return new DnsPersist01(
                url,
                hashed ? json.strings("issuerDomainNames") : names,
                hashed,
                json.optionalString("accounturi"),
                accountHashPrefix,
                status,
                error);
    }

    /** A problem document (RFC 7807); every member may be missing, or is passed over if it is of the wrong type. */
    public static Problem problem(Json document) throws AcmeProtocolException {
        Json json = document.tolerant();
        List<Problem> subproblems = new ArrayList<>();
        for (Json subproblem : json.objects("subproblems")) {
            subproblems.add(problem(subproblem));
        }
        String type = json.optionalString("type");
        return new Problem(
                type == null || type.isBlank() ? "about:blank" : type,
                json.optionalString("title"),
                json.optionalString("detail"),
                json.intOrZero("status"),
                json.optionalString("instance"),
                optionalIdentifier(json.optionalObject("identifier")),
                subproblems,
                json.strings("algorithms"));
    }

    private static @Nullable AutoRenewalLimits autoRenewalLimits(@Nullable Json json) throws AcmeProtocolException {
        return json == null
                ? null
                : new AutoRenewalLimits(
                        seconds(json, "min-lifetime"),
                        seconds(json, "max-duration"),
                        json.isTrue("allow-certificate-get"));
    }

    private static @Nullable Duration seconds(Json json, String member) throws AcmeProtocolException {
        int seconds = json.intOrZero(member);
        return seconds == 0 ? null : Duration.ofSeconds(seconds);
    }

    private static @Nullable AutoRenewal autoRenewal(@Nullable Json json) throws AcmeProtocolException {
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

    private static @Nullable Problem optionalProblem(@Nullable Json json) throws AcmeProtocolException {
        return json == null ? null : problem(json);
    }

    private static @Nullable Identifier optionalIdentifier(@Nullable Json json) throws AcmeProtocolException {
        String type = json == null ? null : json.optionalString("type");
        String value = json == null ? null : json.optionalString("value");
        return type == null || value == null ? null : new Identifier(type, value);
    }

    private static Identifier identifier(Json json) throws AcmeProtocolException {
        return new Identifier(json.string("type"), json.string("value"));
    }

    // A token becomes part of a path and of a file name: nothing but base64url may pass (RFC 8555 section 8.1).
    private static String base64url(Json json, String member) throws AcmeProtocolException {
        String text = json.string(member);
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
        for (S status : kind.getEnumConstants()) {
            if (status != unknown && status.toString().equals(word)) {
                return status;
            }
        }
        return unknown;
    }
}
