package org.wucme.cli.load;

import java.util.Locale;

/** Why a load action is carried out. */
public enum LoadEvent {
    /** A certificate was stored. */
    LOAD,
    /** Somebody tries whether it works. */
    CHECK;

    /** As programs read it. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
