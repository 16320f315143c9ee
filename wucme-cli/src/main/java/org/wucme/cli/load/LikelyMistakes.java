package org.wucme.cli.load;

import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.wucme.cli.call.ShellSyntax;

/** Signs that the text of a load action was meant in another way than it is understood. */
final class LikelyMistakes {

    // Before what begins like an action, or behind the first word or a blank. An argument may contain others.
    private static final Pattern COMMA = Pattern.compile(",[\\s\"']*(?:@/|pem:/|pkcs12:/|(?:SIG)?(?:"
            + String.join("|", SignalAction.SIGNALS)
            + "):/|[+]\\s*(?:,|$))|^[^\\s\"']+,[\\s\"']*(?:/|(?i:https?)://)|^[^\"']+,\\s");

    private LikelyMistakes() {}

    /** What to say of them. */
    static Stream<String> in(String text) {
        return Stream.of(separator(text), ShellSyntax.doubt(text)).flatMap(Optional::stream);
    }

    /** What to say of commas where actions should be apart. */
    static Optional<String> separator(String text) {
        return COMMA.matcher(text).find()
                ? Optional.of(
                        "commas do not separate load actions: give each a line of its own in WUCME_LOAD (in WUCME.CONF,"
                                + " WUCME_LOAD= once for each), or a --load of its own")
                : Optional.empty();
    }
}
