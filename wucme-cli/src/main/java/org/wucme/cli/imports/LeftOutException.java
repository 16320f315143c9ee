package org.wucme.cli.imports;

import java.io.IOException;

/** Something is as it should be, and still not taken over. The message says why. */
final class LeftOutException extends IOException {

    LeftOutException(String why) {
        super(why);
    }
}
