package org.wucme.store.file;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wucme.acme.internal.text.Trace;
import org.wucme.store.Budgets;
import org.wucme.store.StoreException;
import org.wucme.store.UsageCounts;
import org.wucme.store.internal.JsonMembers;

/**
 * Budgets in a folder, each in a file that is named by the hash of its name. They are not synchronized, and a file that is not
 * understood is as good as none: too little is counted then, and the CA says so. Thread-safe.
 */
final class FileBudgets implements Budgets {

    private static final Logger LOG = LoggerFactory.getLogger(FileBudgets.class);

    private final Folder folder;
    private final Changes changes;
    private final Clock clock;

    FileBudgets(Folder folder, Changes changes, Clock clock) {
        this.folder = folder;
        this.changes = changes;
        this.clock = clock;
    }

    @Override
    public Optional<Instant> take(String budget, int limit, Duration period) throws IOException {
        return changes.run(() -> {
            Instant now = clock.instant();
            UsageCounts counts = read(budget);
            Optional<Instant> exhausted = counts.exhaustedUntil(limit, now, period);
            if (exhausted.isEmpty()) {
                write(budget, counts.plus(now, period));
            }
            return exhausted;
        });
    }

    @Override
    public void add(String budget, Duration period) throws IOException {
        changes.run(() -> {
            write(budget, read(budget).plus(clock.instant(), period));
            return budget;
        });
    }

    @Override
    public Optional<Instant> exhaustedUntil(String budget, int limit, Duration period) {
        return read(budget).exhaustedUntil(limit, clock.instant(), period);
    }

    private UsageCounts read(String budget) {
        Path file = fileOf(budget);
        try {
            return folder.readOwn(file).map(text -> parse(budget, text)).orElse(UsageCounts.NONE);
        } catch (StoreException | IllegalArgumentException e) {
            LOG.debug("{} is not understood, and so not used", file, Trace.of(e));
            return UsageCounts.NONE;
        }
    }

    private static UsageCounts parse(String budget, String text) {
        JsonMembers members = JsonMembers.parse(text);
        members.requireVersion();
        return budget.equals(members.text("budget")) ? new UsageCounts(members.instants("uses")) : UsageCounts.NONE;
    }

    private void write(String budget, UsageCounts counts) throws IOException {
        String text = JsonMembers.empty()
                .setVersion()
                .set("budget", budget)
                .set("uses", counts.uses().stream().map(Instant::toString).toList())
                .toText();
        folder.putUnsynchronized(fileOf(budget), text);
    }

    private Path fileOf(String budget) {
        return folder.path().resolve(FileNames.budget(budget));
    }
}
