package org.wucme.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wucme.acme.internal.files.OpenFolder;

/**
 * When {@code wucme manage} ran lately, which tells when it runs next: a file in the folder of the certificates with one moment a
 * line. It is of use only; nothing depends on it. Immutable.
 *
 * @param starts when each run began, the latest last
 */
record ManageRuns(List<Instant> starts) {

    static final String FILE_NAME = "WUCME_MANAGE.TXT";

    private static final Logger LOG = LoggerFactory.getLogger(ManageRuns.class);

    private static final int KEPT = 6;
    private static final int ENOUGH = 4;
    private static final int MOST_BYTES = 4096;
    // A machine that was off for a month is not off each month.
    private static final Duration LONGEST = Duration.ofDays(8);
    private static final int MARGIN_PART = 20;

    ManageRuns {
        starts = List.copyOf(starts);
    }

    /** Of a folder, with the one that begins now, which is noted there. */
    static ManageRuns begin(Path folder, Instant now) {
        try (OpenFolder open = OpenFolder.open(folder)) {
            ManageRuns runs = read(open).with(now);
            open.put(FILE_NAME, runs.text().getBytes(StandardCharsets.UTF_8), "rw-------");
            return runs;
        } catch (IOException e) {
            LOG.info("it is not known how often \"manage\" runs: {}", Errors.describe(e));
            return new ManageRuns(List.of());
        }
    }

    private static ManageRuns read(OpenFolder folder) throws IOException {
        try {
            String text = folder.read(FILE_NAME, MOST_BYTES)
                    .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
                    .orElse("");
            return new ManageRuns(text.lines().map(Instant::parse).toList());
        } catch (DateTimeException e) {
            LOG.info("{} is not understood, and is begun anew", FILE_NAME);
            return new ManageRuns(List.of());
        }
    }

    private String text() {
        StringBuilder text = new StringBuilder();
        starts.forEach(start -> text.append(start).append('\n'));
        return text.toString();
    }

    private ManageRuns with(Instant now) {
        // What is ahead was noted by a clock that was wrong.
        List<Instant> all = new ArrayList<>(
                starts.stream().filter(start -> start.isBefore(now)).toList());
        all.add(now);
        return new ManageRuns(all.subList(Math.max(0, all.size() - KEPT), all.size()));
    }

    /**
     * How long it takes until the next run: the longest time between the latest runs, since some of them may have been begun by
     * hand, and a little more. Empty before there were four runs.
     */
    Optional<Duration> interval() {
        if (starts.size() < ENOUGH) {
            return Optional.empty();
        }
        Duration longest = Duration.ZERO;
        for (int i = 1; i < starts.size(); i++) {
            Duration gap = Duration.between(starts.get(i - 1), starts.get(i));
            longest = gap.compareTo(longest) > 0 ? gap : longest;
        }
        Duration bounded = longest.compareTo(LONGEST) > 0 ? LONGEST : longest;
        return Optional.of(bounded.plus(bounded.dividedBy(MARGIN_PART)));
    }
}
