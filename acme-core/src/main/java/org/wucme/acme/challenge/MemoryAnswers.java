package org.wucme.acme.challenge;

import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/** The answers that are presented by one process. */
final class MemoryAnswers implements ChallengeStore {

    private final Map<Key, PendingAnswer> byKey = new ConcurrentHashMap<>();
    private final Clock clock;

    MemoryAnswers(Clock clock) {
        this.clock = clock;
    }

    private record Key(String type, String key) {}

    @Override
    public void put(PendingAnswer answer) {
        byKey.values().removeIf(this::hasExpired);
        byKey.put(keyOf(answer), answer);
    }

    @Override
    public void remove(PendingAnswer answer) {
        byKey.computeIfPresent(keyOf(answer), (key, kept) -> isSame(kept, answer) ? null : kept);
    }

    @Override
    public List<PendingAnswer> find(String type, Collection<String> keys) {
        return keys.stream()
                .distinct()
                .map(key -> byKey.get(new Key(type, key)))
                .filter(Objects::nonNull)
                .filter(answer -> !hasExpired(answer))
                .toList();
    }

    private static Key keyOf(PendingAnswer answer) {
        return new Key(answer.type(), answer.key());
    }

    private static boolean isSame(PendingAnswer kept, PendingAnswer removed) {
        return kept.token().equals(removed.token()) && kept.thumbprint().equals(removed.thumbprint());
    }

    private boolean hasExpired(PendingAnswer answer) {
        Instant now = clock.instant();
        return !now.isBefore(answer.expires());
    }
}
