package org.wucme.acme.challenge;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/** The context of attempts in one process, if they have no store. */
final class MemoryContext implements ChallengeContext {

    private final ChallengeStore answers = new MemoryAnswers(Clock.systemUTC());
    private final RecordJournal records = new MemoryJournal();
    private final MemoryLeases leases = new MemoryLeases();

    @Override
    public ChallengeStore answers() {
        return answers;
    }

    @Override
    public RecordJournal records() {
        return records;
    }

    @Override
    public Optional<Lease> lease(String name, Duration patience) throws IOException {
        return leases.claim(name, patience);
    }
}
