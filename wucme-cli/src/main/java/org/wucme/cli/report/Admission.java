package org.wucme.cli.report;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.wucme.challenges.internal.server.HttpRequest;

/** Who may ask for anything at all, and who may make something happen. Immutable. */
final class Admission {

    private static final Pattern PORT = Pattern.compile(":[0-9]*$");
    private static final Pattern ADDRESS = Pattern.compile("[0-9]+(\\.[0-9]+){3}|\\[[0-9a-fA-F:.]+]");
    private static final String BASIC = "basic ";

    private final Set<String> hosts;
    private final @Nullable Password password;
    private final String scheme;

    Admission(ReportSettings settings) {
        hosts = Stream.concat(Stream.of("localhost", settings.host()), settings.hostNames().stream())
                .map(name -> name.toLowerCase(Locale.ROOT))
                .collect(Collectors.toUnmodifiableSet());
        password = settings.password();
        scheme = settings.tls() == null ? "http://" : "https://";
    }

    /** Refuses a request that is for another host, or whose sender does not know the password. */
    Optional<Answer> refuse(HttpRequest request) {
        String authority = request.authority();
        if (authority == null || !isOurs(authority)) {
            return Optional.of(Answer.text(421, "The report does not go by this name; --report-name gives it one."));
        }
        if (password != null && !knows(password, request.field("Authorization"))) {
            return Optional.of(Answer.text(401, "The report needs a password.")
                    .with("WWW-Authenticate", "Basic realm=\"wucme\", charset=\"UTF-8\""));
        }
        return Optional.empty();
    }

    /** Refuses what a page of another origin had a browser send. Other programs do not say where they come from. */
    Optional<Answer> refuseCrossSite(HttpRequest request) {
        String site = request.field("Sec-Fetch-Site");
        String origin = request.field("Origin");
        boolean isOther = (site != null && !site.equals("same-origin"))
                || (origin != null && !origin.equalsIgnoreCase(scheme + request.authority()));
        return isOther ? Optional.of(Answer.text(403, "Only the report's own pages may do this.")) : Optional.empty();
    }

    // A name that was made to resolve to this machine is somebody else's site; an address cannot be (DNS rebinding).
    private boolean isOurs(String authority) {
        String host = PORT.matcher(authority).replaceFirst("").toLowerCase(Locale.ROOT);
        return hosts.contains(host) || ADDRESS.matcher(host).matches();
    }

    private static boolean knows(Password password, @Nullable String authorization) {
        if (authorization == null || !authorization.toLowerCase(Locale.ROOT).startsWith(BASIC)) {
            return false;
        }
        try {
            byte[] decoded = Base64.getDecoder()
                    .decode(authorization.substring(BASIC.length()).strip());
            String credentials = new String(decoded, StandardCharsets.UTF_8);
            // Any user name will do.
            return password.matches(credentials.substring(credentials.indexOf(':') + 1));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
