package org.wucme.cli;

import java.util.Iterator;
import org.wucme.acme.Ca;

/** The names that stand for a CA, for the help and for the shell's completion. */
final class CaNames implements Iterable<String> {

    @Override
    public Iterator<String> iterator() {
        return Ca.presets().stream().map(Ca::name).iterator();
    }
}
