package org.wucme.cli;

import java.util.Arrays;
import java.util.Locale;

/** Other ways to write commands: {@code check /ca} as wµCME has it on VMS, {@code --version} as most programs do. */
final class WucmeSpelling {

    private WucmeSpelling() {}

    /** The same in ours. */
    static String[] translate(String... args) {
        String[] translated = args.clone();
        if (args.length == 1 && args[0].equals("--version")) {
            translated[0] = "version";
        }
        int check = Arrays.asList(args).indexOf("check");
        if (check >= 0 && check + 1 < args.length && args[check + 1].matches("/[A-Za-z0-9]+")) {
            translated[check + 1] = args[check + 1].substring(1).toLowerCase(Locale.ROOT);
        }
        return translated;
    }
}
