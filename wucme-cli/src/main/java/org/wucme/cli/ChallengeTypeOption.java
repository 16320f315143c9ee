package org.wucme.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.wucme.acme.challenge.Http01;
import org.wucme.acme.challenge.TlsAlpn01;
import org.wucme.challenges.ListenException;
import picocli.CommandLine.Option;

/** By which challenge names are to be proven. */
final class ChallengeTypeOption {

    /** All that can be answered here; the first is taken if it can be. */
    static final List<String> TYPES = List.of(TlsAlpn01.TYPE, Http01.TYPE);

    @Option(
            names = "--challenge",
            paramLabel = "TYPE",
            description = "http-01 or tls-alpn-01. Default: http-01 if --webroot is given, else tls-alpn-01 if its port"
                    + " is free, else http-01.")
    @Nullable
    String challenge;

    /**
     * The type that was asked for; null if none was.
     *
     * @throws IllegalArgumentException if it is none of ours
     */
    @Nullable
    String asked() {
        return challenge == null ? null : requireOurs(challenge);
    }

    /**
     * The type that was asked for, else one that can be answered now.
     *
     * @throws IllegalArgumentException if the one that was asked for is none of ours
     * @throws IOException if none can be answered; the message names both ports, and the ways out
     */
    String type(ChallengeOptions ways, Globals globals) throws IOException {
        String asked = asked();
        if (asked != null) {
            return asked;
        }
        return ways.webroot != null ? Http01.TYPE : firstWithPort(ways, globals);
    }

    private static String requireOurs(String asked) {
        if (!TYPES.contains(asked)) {
            throw new IllegalArgumentException(
                    "\"" + asked + "\" is not a challenge that wucme can answer; http-01 and tls-alpn-01 are");
        }
        return asked;
    }

    private static String firstWithPort(ChallengeOptions ways, Globals globals) throws IOException {
        List<String> obstacles = new ArrayList<>();
        for (String type : TYPES) {
            try {
                ways.requirePort(type, globals);
                return type;
            } catch (ListenException e) {
                obstacles.add(type + " needs port " + ways.port(type) + ", " + obstacle(e, globals));
            } catch (IOException e) {
                // Whoever has the port may be the agent, if only it could be asked.
                obstacles.add(type + " needs port " + ways.port(type) + ", which "
                        + PortOwner.of(globals).at(ways.port(type)) + " uses, and it cannot be told to answer: "
                        + Errors.describe(e));
            }
        }
        throw new IOException("no challenge can be answered: " + String.join("; ", obstacles)
                + ". Free one of them, or let this user listen there; or give --webroot if a web server has port 80,"
                + " --http-port or --tls-port if a server in front hands on what CAs ask; or let the agent of this"
                + " folder keep the port (WUCME_LISTEN=http-01), and answer for this command");
    }

    private static String obstacle(ListenException e, Globals globals) {
        return switch (e.reason()) {
            case PORT_IN_USE -> "which " + PortOwner.of(globals).at(e.port()) + " uses";
            case NO_PERMISSION -> "where this user may not listen";
            case ADDRESS_NOT_LOCAL -> "at an address that is not one of this machine";
            case OTHER -> "which cannot be had: " + Errors.describe(e);
        };
    }
}
