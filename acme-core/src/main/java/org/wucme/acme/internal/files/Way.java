package org.wucme.acme.internal.files;

import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A path, followed through its symbolic links as far as only root and the user of this process can change it.
 *
 * @param reached the last file or folder on the way that the path cannot be led away from, free of symbolic links; only its
 *     content may be exposed
 * @param rest what is left of the path from there: empty if {@code reached} is its end
 * @param exposure why the way ends; null if it ends at the end of the path, or where that does not exist
 */
record Way(Path reached, List<Path> rest, @Nullable Exposure exposure) {

    static Way to(Path path) throws IOException {
        Path absolute = path.toAbsolutePath();
        return Entry.hasOwners(path) ? to(absolute, ProcessUser.id()) : new Way(absolute, List.of(), null);
    }

    /** As a process of that user sees it. */
    static Way to(Path absolute, int user) throws IOException {
        return new Walk(absolute, user).go();
    }

    /** Where the path ends, as far as is known. */
    Path end() {
        return rest.stream().reduce(reached, Path::resolve);
    }

    /** Whether another user can put another file in the place of the one at the end of the path. */
    boolean endIsExchangeable() throws IOException {
        if (exposure == null) {
            return false;
        }
        Path parent = reached.getParent();
        if (!rest.isEmpty() || parent == null) {
            return true;
        }
        Entry holder = Entry.at(parent);
        return holder.isGroupWritable() || holder.isWorldWritable();
    }

    private static final class Walk {

        private static final int MOST_LINKS = 40;
        private static final Path SAME = Path.of(".");
        private static final Path PARENT = Path.of("..");

        private final Path path;
        private final int us;
        private final Deque<Path> rest = new ArrayDeque<>();
        private Path here;
        private Entry entry;
        private int links;

        Walk(Path path, int us) throws IOException {
            this.path = path;
            this.us = us;
            this.here = path.getRoot();
            this.entry = Entry.at(here);
            prepend(path);
        }

        private void prepend(Path names) {
            for (int i = names.getNameCount() - 1; i >= 0; i--) {
                if (!names.getName(i).equals(SAME)) {
                    rest.push(names.getName(i));
                }
            }
        }

        Way go() throws IOException {
            Exposure exposure = exposure();
            while (exposure == null && !rest.isEmpty()) {
                Path next = here.resolve(rest.element());
                if (next.endsWith(PARENT)) {
                    goUp();
                    continue;
                }
                Entry found;
                try {
                    found = Entry.at(next);
                } catch (NoSuchFileException e) {
                    break;
                }
                exposure = step(next, found);
            }
            return new Way(here, List.copyOf(rest), exposure);
        }

        private void goUp() throws IOException {
            rest.pop();
            Path parent = here.getParent();
            moveTo(parent == null ? here : parent);
        }

        private @Nullable Exposure step(Path next, Entry found) throws IOException {
            if (!found.isLink()) {
                rest.pop();
                here = next;
                entry = found;
                return exposure();
            }
            if (isWritableByOthers() && !isTrusted(found)) {
                return new Exposure(next, "is a symbolic link that belongs to " + owner(next, found));
            }
            follow(next);
            return null;
        }

        private void follow(Path link) throws IOException {
            links++;
            if (links > MOST_LINKS) {
                throw new FileSystemLoopException(path.toString());
            }
            Path target = Files.readSymbolicLink(link);
            rest.pop();
            prepend(target);
            if (target.isAbsolute()) {
                moveTo(target.getRoot());
            }
        }

        // It has been passed before, or is the root.
        private void moveTo(Path folder) throws IOException {
            here = folder;
            entry = Entry.at(folder);
        }

        private @Nullable Exposure exposure() {
            if (!isTrusted(entry)) {
                return new Exposure(here, "belongs to " + owner(here, entry));
            }
            if (isWritableByOthers() && !entry.isStickyFolder()) {
                return new Exposure(here, "can be written by " + (entry.isWorldWritable() ? "all users" : "its group"));
            }
            return null;
        }

        // What users share with a group is theirs to know, and often the group has no other member. Root must not rely
        // on that.
        private boolean isWritableByOthers() {
            boolean isSharedByUs = entry.owner() == us && us != ProcessUser.ROOT;
            return entry.isWorldWritable() || (entry.isGroupWritable() && !isSharedByUs);
        }

        private boolean isTrusted(Entry any) {
            return any.owner() == ProcessUser.ROOT || any.owner() == us;
        }

        // For the message only: its owner may move it away meanwhile, and is no less exposed then.
        private static String owner(Path file, Entry entry) {
            try {
                return Files.getOwner(file, LinkOption.NOFOLLOW_LINKS).getName();
            } catch (IOException e) {
                return "user " + entry.owner();
            }
        }
    }
}
