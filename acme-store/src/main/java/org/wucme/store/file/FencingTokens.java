package org.wucme.store.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wucme.acme.internal.files.Uninterrupted;
import org.wucme.acme.internal.text.Trace;

/**
 * The fencing tokens of all leases of a store: each is larger than the one before, in whichever process. The last one is kept
 * in a small file of its own, which is not synchronized: no process outlives a power failure. A file that is lost or damaged
 * costs nothing as long as the clock is right, since a token is never less than the time in milliseconds. Thread-safe.
 */
final class FencingTokens {

    private static final Logger LOG = LoggerFactory.getLogger(FencingTokens.class);
    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final int DIGITS = 19;

    private final Folder folder;
    private final Clock clock;
    private final Path file;
    private final Path lockFile;
    private final AtomicLong last = new AtomicLong();

    FencingTokens(Folder folder, Clock clock) {
        this.folder = folder;
        this.clock = clock;
        this.file = folder.path().resolve(FileNames.TOKENS);
        this.lockFile = folder.path().resolve(FileNames.LOCK);
    }

    long next() throws IOException {
        // A process that was stopped in here must not keep all others from working.
        try (LockFile.Held lock =
                LockFile.acquire(folder, lockFile, LockFile.TOKENS, PATIENCE).orElse(null)) {
            return increment();
        }
    }

    // On a full disk, leases can be had, too: the lock of the operating system is what keeps others out.
    private long increment() {
        try {
            folder.createEmpty(file);
            return Uninterrupted.run(this::incrementStored);
        } catch (IOException e) {
            LOG.debug("the last fencing token cannot be kept in {}", file, Trace.of(e));
            return after(0);
        }
    }

    private long incrementStored() throws IOException {
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
            ByteBuffer digits = ByteBuffer.allocate(DIGITS);
            int count = channel.read(digits, 0);
            long next = after(count == DIGITS ? parse(digits.array()) : 0);
            byte[] text =
                    String.format(Locale.ROOT, "%0" + DIGITS + "d\n", next).getBytes(StandardCharsets.US_ASCII);
            channel.write(ByteBuffer.wrap(text), 0);
            return next;
        }
    }

    private long after(long stored) {
        return last.updateAndGet(known -> Math.max(Math.max(known, stored) + 1, clock.millis()));
    }

    private static long parse(byte[] digits) {
        try {
            long stored = Long.parseLong(new String(digits, StandardCharsets.US_ASCII));
            return stored < Long.MAX_VALUE / 2 ? stored : 0;
        } catch (NumberFormatException e) {
            LOG.debug("a fencing token was damaged", Trace.of(e));
            return 0;
        }
    }
}
