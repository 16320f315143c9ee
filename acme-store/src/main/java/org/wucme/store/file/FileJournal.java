package org.wucme.store.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wucme.acme.challenge.JournaledRecord;
import org.wucme.acme.challenge.RecordJournal;
import org.wucme.acme.internal.text.Trace;
import org.wucme.store.StoreException;
import org.wucme.store.internal.JsonMembers;

/**
 * The DNS records that are to be removed, each in a file of its own that is named by the hash of what the record is. A file
 * that is not understood is reported and left alone. Thread-safe.
 */
final class FileJournal implements RecordJournal {

    private static final Logger LOG = LoggerFactory.getLogger(FileJournal.class);

    private final Folder folder;
    private final Changes changes;
    private final Clock clock;

    private record Entry(JournaledRecord record, Instant added) {}

    FileJournal(Folder folder, Changes changes, Clock clock) {
        this.folder = folder;
        this.changes = changes;
        this.clock = clock;
    }

    @Override
    public void add(JournaledRecord record) throws IOException {
        Path file = fileOf(record);
        changes.run(() -> {
            Instant added = read(file).map(Entry::added).orElseGet(clock::instant);
            folder.put(file, text(new Entry(record, added)));
            return record;
        });
    }

    @Override
    public void remove(JournaledRecord record) throws IOException {
        Path file = fileOf(record);
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            changes.run(() -> {
                folder.remove(file);
                return record;
            });
        }
    }

    @Override
    public List<JournaledRecord> pending() throws IOException {
        return folder.list().startingWith(FileNames.JOURNALED).stream()
                .filter(file -> file.toString().endsWith(".JSON"))
                .flatMap(file -> readOrReport(file).stream())
                .sorted(Comparator.comparing(Entry::added))
                .map(Entry::record)
                .toList();
    }

    private Path fileOf(JournaledRecord record) {
        String identity = String.join("\n", record.provider(), record.zone(), record.name(), record.value());
        return folder.path().resolve(FileNames.journaled(identity));
    }

    private Optional<Entry> readOrReport(Path file) {
        Optional<Entry> entry = read(file);
        if (entry.isEmpty() && Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            LOG.warn("{} is not understood, so a DNS record may stay: look into it, and remove both", file);
        }
        return entry;
    }

    private Optional<Entry> read(Path file) {
        try {
            return folder.readOwn(file).map(text -> parse(file, text));
        } catch (StoreException | IllegalArgumentException e) {
            LOG.debug("{} is not understood", file, Trace.of(e));
            return Optional.empty();
        }
    }

    private @Nullable Entry parse(Path file, String text) {
        JsonMembers members = JsonMembers.parse(text);
        members.requireVersion();
        JournaledRecord record = new JournaledRecord(
                members.requiredText("provider"),
                members.requiredText("zone"),
                members.requiredText("name"),
                members.requiredText("value"),
                members.text("handle"));
        // A copy of another one's file would be removed for this record.
        return fileOf(record).equals(file) ? new Entry(record, members.requiredInstant("added")) : null;
    }

    private static String text(Entry entry) {
        JournaledRecord record = entry.record();
        return JsonMembers.empty()
                .setVersion()
                .set("provider", record.provider())
                .set("zone", record.zone())
                .set("name", record.name())
                .set("value", record.value())
                .set("handle", record.handle())
                .set("added", entry.added().toString())
                .toText();
    }
}
