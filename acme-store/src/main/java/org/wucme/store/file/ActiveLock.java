package org.wucme.store.file;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wucme.acme.internal.text.Trace;
import org.wucme.store.ActiveManager;
import org.wucme.store.StoreException;
import org.wucme.store.internal.JsonMembers;

/**
 * The lock of the active manager, and beside it the file that tells who holds it. The lock alone decides whether anybody
 * does: a process that is killed leaves the file behind. Thread-safe.
 */
final class ActiveLock {

    private static final Logger LOG = LoggerFactory.getLogger(ActiveLock.class);

    private final Folder folder;
    private final Clock clock;
    private final Path lock;
    private final Path owner;

    ActiveLock(Folder folder, Clock clock) {
        this.folder = folder;
        this.clock = clock;
        this.lock = folder.path().resolve(FileNames.ACTIVE_LOCK);
        this.owner = folder.path().resolve(FileNames.ACTIVE);
    }

    /** See {@link LockFile#acquire}. */
    Optional<LockFile.Held> acquire(Duration patience) throws IOException {
        // Before there is a lock, since it may take a while to find out.
        String host = Host.NAME;
        Optional<LockFile.Held> held = LockFile.acquire(folder, lock, LockFile.FIRST, patience);
        held.ifPresent(unused -> introduce(host));
        return held;
    }

    /** Before it is released. */
    void retract() {
        folder.discard(owner);
    }

    /** Who holds it; empty if nobody does. */
    Optional<ActiveManager> owner() throws IOException {
        boolean isHeld = Files.exists(lock, LinkOption.NOFOLLOW_LINKS) && isHeld();
        return isHeld ? Optional.of(readOwner()) : Optional.empty();
    }

    private boolean isHeld() throws IOException {
        try {
            return LockFile.isHeld(folder, lock, LockFile.FIRST);
        } catch (NoLocksException e) {
            LOG.debug("no process can hold {}", lock, Trace.of(e));
            return false;
        }
    }

    private ActiveManager readOwner() {
        try {
            Optional<String> text = folder.read(owner);
            return text.isPresent() ? parse(JsonMembers.parse(text.get())) : ActiveManager.UNKNOWN;
        } catch (StoreException | IllegalArgumentException e) {
            LOG.debug("{} does not tell who is active", owner, Trace.of(e));
            return ActiveManager.UNKNOWN;
        }
    }

    private static ActiveManager parse(JsonMembers members) {
        int pid = members.number("pid", 0);
        return new ActiveManager(members.text("host"), pid == 0 ? null : (long) pid, members.instant("since"));
    }

    // Whoever cannot say who he is, is active all the same.
    private void introduce(@Nullable String host) {
        String text = JsonMembers.empty()
                .set("host", host)
                .set("pid", ProcessHandle.current().pid())
                .set("since", clock.instant().toString())
                .toText();
        Path temporary = Folder.temporary(owner);
        try {
            folder.write(temporary, text);
            folder.rename(temporary, owner);
        } catch (IOException e) {
            LOG.warn("{} could not be written, so that nobody can tell who is active: {}", owner, e.toString());
            folder.discard(temporary);
            folder.discard(owner);
        }
    }

    /** Found out when it is needed first, and once: where the network is slow, that takes a while. */
    private static final class Host {
        static final @Nullable String NAME = name();

        private static @Nullable String name() {
            try {
                return InetAddress.getLocalHost().getHostName();
            } catch (UnknownHostException e) {
                LOG.debug("this machine does not know its name", Trace.of(e));
                return null;
            }
        }
    }
}
