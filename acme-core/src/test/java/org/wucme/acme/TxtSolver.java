package org.wucme.acme;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.wucme.acme.challenge.AccountIdentity;
import org.wucme.acme.challenge.Challenge;
import org.wucme.acme.challenge.ChallengeSolver;
import org.wucme.acme.challenge.DnsChallenge;
import org.wucme.acme.challenge.Presented;
import org.wucme.acme.challenge.TxtRecord;

/** One solver for every kind of DNS challenge, of which it is given one, in the zone that a CA looks into. */
final class TxtSolver implements ChallengeSolver {

    private final Class<? extends DnsChallenge> kind;
    private final Zone zone;
    private final List<TxtRecord> published = new CopyOnWriteArrayList<>();

    interface Zone {
        void add(String name, String value) throws IOException;

        void remove(String name, String value) throws IOException;
    }

    TxtSolver(Class<? extends DnsChallenge> kind, Zone zone) {
        this.kind = kind;
        this.zone = zone;
    }

    /** All that was ever published. */
    List<TxtRecord> published() {
        return published;
    }

    @Override
    public boolean canSolve(Challenge challenge, Identifier identifier) {
        return kind.isInstance(challenge);
    }

    @Override
    public Presented present(Challenge challenge, Identifier identifier, AccountIdentity account) throws IOException {
        TxtRecord record = ((DnsChallenge) challenge).txtRecord(identifier, account);
        zone.add(record.name(), record.value());
        published.add(record);
        return () -> zone.remove(record.name(), record.value());
    }
}
