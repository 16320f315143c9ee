package org.wucme.cli.load;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wucme.acme.internal.text.OneLine;
import org.wucme.cli.call.Command;
import org.wucme.manage.Deployment;
import org.wucme.store.StoredCertificate;

/** Runs a program, which learns by its environment what it is about; what it prints is logged. */
final class ProgramAction implements Deployment {

    static final Duration LIMIT = Duration.ofMinutes(5);

    private static final Logger LOG = LoggerFactory.getLogger(ProgramAction.class);
    private static final int MOST_LINES = 1000;

    private final Command command;
    private final LoadEvent event;

    ProgramAction(Command command, LoadEvent event) {
        this.command = command;
        this.event = event;
    }

    @Override
    public void deploy(StoredCertificate certificate) throws IOException {
        AtomicInteger lines = new AtomicInteger();
        commandFor(certificate)
                .run(Facts.of(certificate, event).environment(), "", line -> log(line, lines.incrementAndGet()));
    }

    private Command commandFor(StoredCertificate certificate) throws IOException {
        List<String> arguments = new ArrayList<>();
        for (String argument : command.arguments()) {
            arguments.add(new NamePattern(argument).of(certificate));
        }
        return command.with(arguments);
    }

    private void log(String line, int number) {
        if (number <= MOST_LINES) {
            LOG.info("{}: {}", command.program(), OneLine.of(line).strip());
        } else if (number == MOST_LINES + 1) {
            LOG.info("{}: what it prints further is not logged", command.program());
        }
    }
}
