package org.wucme.cli;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.wucme.acme.internal.text.OneLine;
import org.wucme.acme.internal.text.Trace;
import org.wucme.cli.notify.Notice;
import org.wucme.cli.notify.Target;
import org.wucme.manage.Deployment;
import org.wucme.store.CertificateStore;
import org.wucme.store.StoredCertificate;

/** Tries out what is to happen once a certificate is stored, and tells in a line what came of each. */
final class Trial {

    private final Consumer<String> lines;
    private final BiConsumer<String, Throwable> failed;

    private Trial(Consumer<String> lines, BiConsumer<String, Throwable> failed) {
        this.lines = lines;
        this.failed = failed;
    }

    /** One whose lines a command prints as they come. */
    static Trial shownBy(WucmeCommand command) {
        return new Trial(command.out()::println, (line, cause) -> {
            command.err().println("wucme: " + line);
            if (command.globals().verbose) {
                Trace.of(cause).printStackTrace(command.err());
            }
        });
    }

    /** One whose lines are added to a list. */
    static Trial notedIn(List<String> lines) {
        return new Trial(lines::add, (line, cause) -> lines.add(line));
    }

    /**
     * A certificate to try load actions with: the first one that can be used.
     *
     * @throws IOException if there is none; the message says what to do
     */
    static StoredCertificate certificate(CertificateStore store) throws IOException {
        return store.list().stream()
                .filter(stored -> stored.chain() != null && stored.problem() == null)
                .findFirst()
                .orElseThrow(() -> new IOException(
                        "there is no certificate in the store to try the load actions with; issue one first"));
    }

    /** Carries out load actions in their order, as far as the first that fails; says whether all worked. */
    boolean load(Map<String, Deployment> actions, StoredCertificate certificate) {
        boolean allWorked = true;
        for (Map.Entry<String, Deployment> action : actions.entrySet()) {
            if (allWorked) {
                allWorked = works(action.getKey(), () -> {
                    action.getValue().deploy(certificate);
                    return "done";
                });
            } else {
                lines.accept(action.getKey() + ": not tried, since one before it failed");
            }
        }
        return allWorked;
    }

    /** Tells targets a notice, each once, and closes them; says whether all took it. */
    boolean tell(List<Target> targets, Notice notice) {
        boolean allTold = true;
        for (Target target : targets) {
            try (target) {
                allTold &= works(target.toString(), () -> OneLine.of(target.send(notice)));
            }
        }
        return allTold;
    }

    private boolean works(String what, Attempt attempt) {
        try {
            lines.accept(what + ": " + attempt.run());
            return true;
        } catch (IOException | RuntimeException | Error e) {
            failed.accept(what + ": " + Errors.describe(e), e);
            return false;
        }
    }

    private interface Attempt {
        /** Returns what came of it, in a line. */
        String run() throws IOException;
    }
}
