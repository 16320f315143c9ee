package org.wucme.cli.notify;

import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import org.wucme.cli.call.Command;
import org.wucme.cli.call.ShellSyntax;

/** A program of the administrator's, which learns by its environment what happened, and reads the text. */
final class CommandTarget implements Target {

    static final Duration LIMIT = Duration.ofMinutes(1);

    private static final int MOST_LINES = 100;
    private static final int MOST_OUTPUT = 4096;

    private final Command command;
    private final Optional<String> doubt;

    CommandTarget(Command command) {
        this(command, Optional.empty());
    }

    private CommandTarget(Command command, Optional<String> doubt) {
        this.command = command;
        this.doubt = doubt;
    }

    /**
     * Reads a program and its arguments, as {@link Command#words} does.
     *
     * @throws IllegalArgumentException if it is none, or root must not run it
     */
    static CommandTarget parse(String line) {
        Command command = read(line);
        command.exposure().ifPresent(exposure -> {
            throw new IllegalArgumentException("the command for notices is refused: " + exposure);
        });
        return new CommandTarget(command, ShellSyntax.doubt(line));
    }

    private static Command read(String line) {
        try {
            Command command = new Command(Command.words(line), LIMIT);
            if (command.program().contains("://")) {
                throw new IllegalArgumentException("a URL is no program; WUCME_WEBHOOK takes URLs");
            }
            return command;
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("the command for notices cannot be understood: " + e.getMessage(), e);
        }
    }

    @Override
    public String send(Notice notice) throws IOException {
        Queue<String> lines = new ArrayBlockingQueue<>(MOST_LINES);
        command.run(environment(notice), notice.text(), lines::offer);
        String printed = String.join("\n", lines).strip();
        return "done" + (printed.isEmpty() ? "" : ": " + printed.substring(0, Math.min(printed.length(), MOST_OUTPUT)));
    }

    @Override
    public Optional<String> problem() {
        return command.problem().or(() -> doubt);
    }

    static Map<String, String> environment(Notice notice) {
        return Map.of(
                "WUCME_EVENT", notice.event().word(),
                "WUCME_SEVERITY", notice.severity().name().toLowerCase(Locale.ROOT),
                "WUCME_CERTIFICATE", notice.certificate(),
                "WUCME_NAMES", String.join(" ", notice.names()),
                "WUCME_FILES", String.join("\n", notice.files()),
                "WUCME_SUBJECT", notice.subject(),
                "WUCME_TIME", notice.time().toString(),
                "WUCME_HOST", notice.host());
    }

    /** The program; its arguments may be secrets. */
    @Override
    public String toString() {
        return "the command " + command.program();
    }
}
