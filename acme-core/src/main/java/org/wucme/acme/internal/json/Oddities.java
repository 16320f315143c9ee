package org.wucme.acme.internal.json;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Optional members that a CA writes in a form that cannot be read. Each is logged once, since a CA that writes one wrongly
 * does so in every document of the kind. Thread-safe.
 */
public final class Oddities {

    private static final Logger LOG = LoggerFactory.getLogger(Oddities.class);

    // Bounded by what we read: neither URLs nor positions in lists are part of it.
    private final Set<String> logged = ConcurrentHashMap.newKeySet();

    void add(String kind, String where, String member, String wanted) {
        if (logged.add(kind + " " + member)) {
            LOG.info("{}: \"{}\" is not {}, so it is ignored", where, member, wanted);
        }
    }

    void addCut(String kind, String where, String member, int most) {
        if (logged.add(kind + " " + member)) {
            LOG.info("{}: \"{}\" is too long; only its first {} elements are used", where, member, most);
        }
    }
}
