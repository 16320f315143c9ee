package org.wucme.store.testing;

import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.wucme.acme.challenge.ChallengeStore;
import org.wucme.acme.challenge.PendingAnswer;

/** The answers of a {@link MemoryStore}. */
record MemoryAnswers(MemoryData data, Clock clock) implements ChallengeStore {

    @Override
    public void put(PendingAnswer answer) {
        synchronized (data) {
            data.answers.put(id(answer.type(), answer.key()), answer);
        }
    }

    @Override
    public void remove(PendingAnswer answer) {
        synchronized (data) {
            data.answers.computeIfPresent(
                    id(answer.type(), answer.key()),
                    (id, present) -> present.token().equals(answer.token())
                                    && present.thumbprint().equals(answer.thumbprint())
                            ? null
                            : present);
        }
    }

    @Override
    public List<PendingAnswer> find(String type, Collection<String> keys) {
        Instant now = clock.instant();
        synchronized (data) {
            return keys.stream()
                    .distinct()
                    .map(key -> data.answers.get(id(type, key)))
                    .filter(Objects::nonNull)
                    .filter(answer -> answer.expires().isAfter(now))
                    .toList();
        }
    }

    private static String id(String type, String key) {
        return type + " " + key;
    }
}
