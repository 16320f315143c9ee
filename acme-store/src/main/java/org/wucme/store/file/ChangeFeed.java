package org.wucme.store.file;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.wucme.store.StoreChanges;
import org.wucme.store.StoreException;
import org.wucme.store.StoredCertificate;
import org.wucme.store.internal.Threads;

/**
 * What changes in a folder. Each call asks for the times and sizes of the files, and opens only those that are not as they
 * were; once an hour it opens all, in case that a change left no trace. Thread-safe.
 */
final class ChangeFeed {

    /** The longest that a change can go unnoticed that leaves size, times and identity of a file as they were. */
    static final Duration BETWEEN_FULL_READS = Duration.ofHours(1);

    private final Reader reader;
    private final RecentListing recent;
    private final Clock clock;
    private final String id = UUID.randomUUID().toString();
    private final AtomicReference<State> state;

    /** Reads what is stored under a name. */
    interface Reader {
        ReadCertificate read(String name, Listing listing);
    }

    /**
     * What was read.
     *
     * @param certificate without its key
     * @param digest of all that is in its files
     */
    record ReadCertificate(StoredCertificate certificate, String digest) {}

    /**
     * One certificate at the last look.
     *
     * @param version of its files; null if they changed so recently that they may have changed again unnoticed
     * @param changed the number of the look at which it was found changed
     */
    private record Entry(@Nullable String version, String digest, long changed, StoredCertificate certificate) {}

    private record State(long look, Instant fullyReadAt, Map<String, Entry> entries, Map<String, Long> removed) {}

    ChangeFeed(Reader reader, RecentListing recent, Clock clock) {
        this.reader = reader;
        this.recent = recent;
        this.clock = clock;
        this.state = new AtomicReference<>(new State(0, Instant.MIN, Map.of(), Map.of()));
    }

    /** See {@link org.wucme.store.CertificateStore#changedSince}. */
    StoreChanges since(@Nullable String cursor) throws IOException {
        State now = look();
        long last = cursor != null && cursor.startsWith(id) ? lookOf(cursor) : -1;
        boolean isComplete = last < 0 || last > now.look();
        List<StoredCertificate> changed = now.entries().values().stream()
                .filter(entry -> isComplete || entry.changed() > last)
                .map(Entry::certificate)
                .toList();
        List<String> removed = isComplete
                ? List.of()
                : now.removed().entrySet().stream()
                        .filter(each -> each.getValue() > last)
                        .map(Map.Entry::getKey)
                        .toList();
        return new StoreChanges(id + " " + now.look(), isComplete, changed, removed);
    }

    private long lookOf(String cursor) {
        try {
            return Long.parseLong(cursor.substring(id.length()).trim());
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    /** All that is stored now, without keys. */
    Collection<StoredCertificate> all() throws IOException {
        return look().entries().values().stream().map(Entry::certificate).toList();
    }

    private State look() throws IOException {
        State before = Objects.requireNonNull(state.get());
        State after = look(before);
        while (!state.compareAndSet(before, after)) {
            // Another thread looked meanwhile: what it found is the base, so that no change is counted twice.
            before = Objects.requireNonNull(state.get());
            after = look(before);
        }
        return after;
    }

    private State look(State before) throws IOException {
        Instant now = clock.instant();
        boolean isFull = before.look() == 0
                || Duration.between(before.fullyReadAt(), now).abs().compareTo(BETWEEN_FULL_READS) >= 0;
        Listing listing = recent.listing();
        Map<String, Optional<String>> versions = new TreeMap<>();
        for (String name : listing.storedNames()) {
            versions.put(name, version(name, listing));
        }
        Map<String, Entry> entries = new TreeMap<>(before.entries());
        entries.keySet().retainAll(versions.keySet());
        long look = before.look() + 1;
        List<String> open = versions.entrySet().stream()
                .filter(each -> isFull || !isKnown(before.entries().get(each.getKey()), each.getValue()))
                .map(Map.Entry::getKey)
                .toList();
        List<ReadCertificate> read = Threads.map(open, name -> reader.read(name, listing));
        for (int i = 0; i < open.size(); i++) {
            String name = open.get(i);
            entries.put(
                    name,
                    entry(
                            before.entries().get(name),
                            Objects.requireNonNull(versions.get(name)).orElse(null),
                            read.get(i),
                            look));
        }
        return new State(look, isFull ? now : before.fullyReadAt(), entries, removed(before, entries, look));
    }

    private static boolean isKnown(@Nullable Entry entry, Optional<String> version) {
        return entry != null && version.isPresent() && version.get().equals(entry.version());
    }

    private static Entry entry(@Nullable Entry before, @Nullable String version, ReadCertificate read, long look) {
        long changed = before != null && before.digest().equals(read.digest()) ? before.changed() : look;
        return new Entry(version, read.digest(), changed, read.certificate());
    }

    private static Map<String, Long> removed(State before, Map<String, Entry> entries, long look) {
        Map<String, Long> removed = new TreeMap<>();
        before.entries().keySet().forEach(name -> removed.put(name, look));
        removed.putAll(before.removed());
        removed.keySet().removeAll(entries.keySet());
        return removed;
    }

    /** Of the files of a certificate; empty if that does not tell whether they are as they were. */
    private static Optional<String> version(String name, Listing listing) throws IOException {
        CertificateFiles files;
        try {
            files = CertificateFiles.of(name, listing);
        } catch (StoreException e) {
            return Optional.empty();
        }
        StringBuilder version = new StringBuilder();
        for (Path file : List.of(files.certificate(), files.key(), files.renewal())) {
            if (!RecentListing.isSettled(file)) {
                return Optional.empty();
            }
            version.append(Folder.version(file).orElse("none")).append('\n');
        }
        return Optional.of(version.toString());
    }
}
