package org.wucme.cli;

import java.util.Collection;
import java.util.List;
import org.wucme.acme.Ca;
import org.wucme.acme.CaProvider;

/** A CA with a name and quirks of its own, at the URL that a system property tells; found by ServiceLoader. */
public final class OwnCa implements CaProvider {

    static final String NAME = "own";
    static final String URL = "wucme.test.own-ca";

    @Override
    public Collection<Ca> cas() {
        String url = System.getProperty(URL);
        return url == null ? List.of() : List.of(Ca.stepCa(NAME, url));
    }
}
