package org.wucme.cli.notify;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wucme.acme.internal.files.Uninterrupted;
import org.wucme.acme.internal.text.Trace;
import org.wucme.cli.Errors;

/**
 * The notices that this process has not delivered yet, in a file of its own in the folder of the certificates: the next process
 * finds and delivers them, however this one ends. Each is delivered at least once, and normally once. Without a
 * folder, they are in memory only. Thread-safe; no method waits for a target.
 *
 * <p>The file is a journal: a line for each notice, and one when that is done. It is locked as long as its process lives, and
 * removed when that ends with nothing left to deliver.
 */
final class Outbox implements AutoCloseable {

    /** What waited longer than this is not news. */
    static final Duration MAX_AGE = Duration.ofDays(7);

    private static final Logger LOG = LoggerFactory.getLogger(Outbox.class);
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final String PREFIX = "WUCME_N_";
    private static final String SUFFIX = ".JSONL";
    private static final int MAX_FILE = 16 << 20;
    private static final int LARGE_FILE = 1 << 20;
    private static final Set<OpenOption> NEW_FILE =
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);

    private final @Nullable Path folder;
    private final Map<Long, Entry> entries = new LinkedHashMap<>();
    private @Nullable Journal journal;
    private long lastId;
    private boolean isClosed;
    private boolean isWarned;

    /**
     * A notice that waits.
     *
     * @param target the name of the target
     */
    record Entry(long id, String target, Notice notice) {}

    private record Journal(Path file, FileChannel channel) {
        void append(String text) throws IOException {
            ByteBuffer rest = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
            while (rest.hasRemaining()) {
                channel.write(rest, channel.size());
            }
        }

        // While it is locked, so that no other process takes it for one that was left.
        void remove() {
            try (channel) {
                if (channel.isOpen()) {
                    channel.truncate(0);
                }
                Files.deleteIfExists(file);
            } catch (IOException e) {
                LOG.debug("{} is left behind", file, Trace.of(e));
            }
        }
    }

    private Outbox(@Nullable Path folder) {
        this.folder = folder;
    }

    /** In memory only. */
    static Outbox inMemory() {
        return new Outbox(null);
    }

    /**
     * In a folder, with what ended processes left there.
     *
     * @param now what waited too long then is dropped
     */
    static Outbox open(Path folder, Instant now) {
        Outbox outbox = new Outbox(folder);
        outbox.adoptAll(folder, now);
        return outbox;
    }

    /** What waits for a target, the oldest first. */
    synchronized List<Entry> waitingFor(String target) {
        return entries.values().stream()
                .filter(entry -> entry.target().equals(target))
                .toList();
    }

    /** Keeps a notice until it is done. */
    synchronized Entry add(String target, Notice notice) {
        Entry entry = new Entry(++lastId, target, notice);
        entries.put(entry.id(), entry);
        write(line(entry));
        return entry;
    }

    /** Forgets a notice that was delivered, or never will be. */
    synchronized void remove(Entry entry) {
        if (entries.remove(entry.id()) != null && journal != null) {
            ObjectNode done = JsonNodeFactory.instance.objectNode().put("done", entry.id());
            write(done + "\n");
        }
    }

    /** Whether the next process finds what is not delivered. */
    synchronized boolean isKept() {
        return journal != null;
    }

    /** Leaves what is not delivered to the next process. */
    @Override
    public synchronized void close() {
        isClosed = true;
        Journal last = journal;
        if (last == null) {
            return;
        }
        if (entries.isEmpty()) {
            last.remove();
        } else {
            try {
                last.channel().close();
            } catch (IOException e) {
                LOG.debug("{} did not close well", last.file(), Trace.of(e));
            }
        }
    }

    private void write(String line) {
        if (folder == null || isClosed) {
            return;
        }
        try {
            journal = Uninterrupted.run(() -> written(line, folder));
            isWarned = false;
        } catch (IOException e) {
            failed(e);
        }
    }

    private Journal written(String line, Path in) throws IOException {
        Journal present = journal;
        // An interrupt closes it.
        if (present == null || !present.channel().isOpen() || present.channel().size() > LARGE_FILE) {
            Journal begun = begin(in);
            if (present != null) {
                present.remove();
            }
            return begun;
        }
        if (entries.isEmpty()) {
            present.channel().truncate(0);
        } else {
            present.append(line);
        }
        return present;
    }

    // What stands in a file that cannot be written any more may be delivered already.
    private void failed(IOException cause) {
        if (!isWarned) {
            isWarned = true;
            LOG.warn(
                    "notices that are not delivered when this process ends are lost, since they cannot be written to"
                            + " {}: {}",
                    folder,
                    Errors.describe(cause));
        }
        if (journal != null) {
            journal.remove();
            journal = null;
        }
    }

    /** A new file with all that waits. */
    private Journal begin(Path in) throws IOException {
        Journal begun = create(in);
        try {
            for (Entry entry : entries.values()) {
                begun.append(line(entry));
            }
            return begun;
        } catch (IOException e) {
            begun.remove();
            throw e;
        }
    }

    private static Journal create(Path in) throws IOException {
        while (true) {
            byte[] random = new byte[8];
            new SecureRandom().nextBytes(random);
            Path file = in.resolve(PREFIX + HexFormat.of().formatHex(random).toUpperCase(Locale.ROOT) + SUFFIX);
            FileChannel channel = FileChannel.open(file, NEW_FILE, ownerOnly(in));
            // Before it is locked, another process may take it for one that was left, and remove it.
            if (channel.tryLock() != null && Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                return new Journal(file, channel);
            }
            channel.close();
        }
    }

    private static FileAttribute<?>[] ownerOnly(Path in) {
        return in.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }

    private static String line(Entry entry) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("id", entry.id());
        json.put("target", entry.target());
        json.set("notice", NoticeJson.of(entry.notice()));
        return json + "\n";
    }

    private synchronized void adoptAll(Path in, Instant now) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(in, PREFIX + "*" + SUFFIX)) {
            for (Path file : files) {
                adopt(file, now);
            }
        } catch (IOException | DirectoryIteratorException e) {
            LOG.info("notices that other processes left in {} are not delivered: {}", in, Errors.describe(e));
        }
    }

    private void adopt(Path file, Instant now) {
        try (FileChannel left = FileChannel.open(
                        file, StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
                FileLock lock = left.tryLock()) {
            if (lock == null) {
                LOG.debug("{} is of a process that lives", file);
                return;
            }
            for (Entry entry : parse(read(left))) {
                adopt(entry, now);
            }
            // Not before this process has them; at the worst one is delivered twice.
            left.truncate(0);
            Files.deleteIfExists(file);
        } catch (OverlappingFileLockException e) {
            LOG.debug("{} is of this process", file);
        } catch (IOException e) {
            LOG.info("the notices in {} are not delivered: {}", file, Errors.describe(e));
        }
    }

    private void adopt(Entry entry, Instant now) {
        if (entry.notice().time().plus(MAX_AGE).isBefore(now)) {
            LOG.warn(
                    "not delivered within {} days, dropped: {}: {}",
                    MAX_AGE.toDays(),
                    entry.target(),
                    entry.notice().subject());
            return;
        }
        LOG.debug("left by another process: {}", entry.notice().subject());
        List<Entry> before = waitingFor(entry.target());
        if (before.size() >= Delivery.MOST_WAITING) {
            remove(before.get(0));
        }
        add(entry.target(), entry.notice());
    }

    private static String read(FileChannel channel) throws IOException {
        int size = (int) Math.min(channel.size(), MAX_FILE);
        ByteBuffer bytes = ByteBuffer.allocate(size);
        int read = 0;
        while (read >= 0 && bytes.hasRemaining()) {
            read = channel.read(bytes, bytes.position());
        }
        return new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
    }

    /** What is not done; a line that is not understood, such as the last one of a process that was killed, is none. */
    private static List<Entry> parse(String text) {
        Map<Long, Entry> found = new LinkedHashMap<>();
        for (String line : text.lines().toList()) {
            try {
                JsonNode json = MAPPER.readTree(line);
                if (json.has("done")) {
                    found.remove(json.path("done").asLong());
                } else {
                    long id = json.path("id").asLong();
                    found.put(id, new Entry(id, json.path("target").asText(), NoticeJson.parse(json.path("notice"))));
                }
            } catch (JsonProcessingException | IllegalArgumentException e) {
                LOG.debug("a line that is not understood is left out", Trace.of(e));
            }
        }
        return new ArrayList<>(found.values());
    }
}
