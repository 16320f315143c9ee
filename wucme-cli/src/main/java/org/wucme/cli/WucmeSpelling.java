package org.wucme.cli;

import java.util.Arrays;

/** wµCME's way to write commands, as VMS has it: {@code check /ca}. */
final class WucmeSpelling {

    private WucmeSpelling() {}

    /** The same in ours: {@code check ca}. */
    static String[] translate(String... args) {
        String[] translated = args.clone();
        int check = Arrays.asList(args).indexOf("check");
        if (check >= 0 && check + 1 < args.length && args[check + 1].matches("/[a-z0-9]+")) {
            translated[check + 1] = args[check + 1].substring(1);
        }
        return translated;
    }
}
