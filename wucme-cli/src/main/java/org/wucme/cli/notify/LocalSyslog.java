package org.wucme.cli.notify;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.wucme.cli.call.Command;

/**
 * The syslog of this machine, by the program {@code logger} (POSIX): its socket is one for datagrams, which Java cannot
 * open.
 */
final class LocalSyslog extends SyslogTarget {

    private static final List<Path> SOCKETS =
            List.of(Path.of("/dev/log"), Path.of("/var/run/syslog"), Path.of("/var/run/log"));
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final String program;
    private final List<Path> sockets;

    LocalSyslog(Set<Facility> facilities) {
        this("logger", SOCKETS, facilities);
    }

    LocalSyslog(String program, List<Path> sockets, Set<Facility> facilities) {
        super(facilities);
        this.program = program;
        this.sockets = List.copyOf(sockets);
    }

    @Override
    public String send(Notice notice) throws IOException {
        // Some loggers say nothing when nobody listens.
        if (sockets.stream().noneMatch(LocalSyslog::isThere)) {
            throw new IOException("no syslog runs on this machine: there is no " + sockets.get(0)
                    + "; name a server, such as udp://loghost.example.org");
        }
        String line = SyslogMessage.words(notice) + "\n";
        String level = SyslogMessage.level(notice.severity());
        for (Facility facility : facilities()) {
            List<String> command =
                    List.of(program, "-p", facility.word() + "." + level, "-t", SyslogMessage.APPLICATION);
            new Command(command, LIMIT).run(Map.of(), line, printed -> {});
        }
        return "taken by " + program;
    }

    // Of two of these names, other systems make folders.
    private static boolean isThere(Path socket) {
        return Files.exists(socket) && !Files.isDirectory(socket);
    }

    @Override
    public String toString() {
        return "syslog of this machine" + as();
    }
}
