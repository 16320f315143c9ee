package org.wucme.cli;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The sockets of this machine that listen on a TCP port, as Linux shows them (proc(5)); elsewhere there are none.
 *
 * @param names as they stand among the open files of a process
 * @param users the numbers of the users who opened them
 */
record ListeningSockets(Set<String> names, Set<Integer> users) {

    private static final Path PROC = Path.of("/proc");
    private static final List<Path> TABLES = List.of(PROC.resolve("net/tcp"), PROC.resolve("net/tcp6"));
    private static final String LISTEN = "0A";
    private static final int LOCAL_ADDRESS = 1;
    private static final int STATE = 3;
    private static final int USER = 7;
    private static final int INODE = 9;

    /** Those on a port. */
    static ListeningSockets at(int port) {
        ListeningSockets found = new ListeningSockets(new HashSet<>(), new HashSet<>());
        String suffix = String.format(":%04X", port);
        for (Path table : TABLES) {
            try {
                Files.readAllLines(table).forEach(line -> found.add(line.strip().split("\\s+", -1), suffix));
            } catch (IOException e) {
                // Another system, or one without IPv6.
            }
        }
        return found;
    }

    private void add(String[] columns, String suffix) {
        if (columns.length > INODE && columns[LOCAL_ADDRESS].endsWith(suffix) && columns[STATE].equals(LISTEN)) {
            names.add("socket:[" + columns[INODE] + "]");
            users.add(Integer.parseInt(columns[USER]));
        }
    }

    /** Whether one of them is a process's; if its open files cannot be read, whether one is of the same user. */
    boolean belongTo(long pid) {
        Path process = PROC.resolve(Long.toString(pid));
        try (DirectoryStream<Path> files = Files.newDirectoryStream(process.resolve("fd"))) {
            for (Path file : files) {
                if (isOneOfThem(file)) {
                    return true;
                }
            }
            return false;
        } catch (IOException e) {
            // As when it may use ports below 1024, and we may not.
            return belongToUserOf(process);
        }
    }

    private boolean isOneOfThem(Path file) {
        try {
            return names.contains(Files.readSymbolicLink(file).toString());
        } catch (IOException e) {
            return false; // closed meanwhile
        }
    }

    private boolean belongToUserOf(Path process) {
        try {
            return users.contains((Integer) Files.getAttribute(process, "unix:uid"));
        } catch (IOException e) {
            return false;
        }
    }
}
