package org.wucme.store.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wucme.acme.Identifier;
import org.wucme.acme.challenge.ChallengeStore;
import org.wucme.acme.challenge.PendingAnswer;
import org.wucme.acme.internal.text.Trace;
import org.wucme.store.StoreException;
import org.wucme.store.internal.JsonMembers;

/**
 * The answers to challenges in a folder, each in a file of its own that is named by the hash of its type and key. A file that
 * is not understood, has expired, or is another answer's is as good as none. Answers are not synchronized: after a power
 * failure, a CA has long given up. Thread-safe.
 */
final class FileAnswers implements ChallengeStore {

    private static final Logger LOG = LoggerFactory.getLogger(FileAnswers.class);
    private static final Duration BETWEEN_CLEANUPS = Duration.ofMinutes(10);

    private final Folder folder;
    private final Changes changes;
    private final Clock clock;
    private volatile @Nullable Instant cleanedUp;

    FileAnswers(Folder folder, Changes changes, Clock clock) {
        this.folder = folder;
        this.changes = changes;
        this.clock = clock;
    }

    @Override
    public void put(PendingAnswer answer) throws IOException {
        changes.run(() -> {
            removeExpired();
            folder.putUnsynchronized(fileOf(answer.type(), answer.key()), text(answer));
            return answer;
        });
    }

    @Override
    public void remove(PendingAnswer answer) throws IOException {
        Path file = fileOf(answer.type(), answer.key());
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        changes.run(() -> {
            if (read(file).filter(present -> isSame(present, answer)).isPresent()) {
                folder.remove(file);
            }
            return answer;
        });
    }

    private static boolean isSame(PendingAnswer one, PendingAnswer other) {
        return one.token().equals(other.token()) && one.thumbprint().equals(other.thumbprint());
    }

    @Override
    public List<PendingAnswer> find(String type, Collection<String> keys) throws IOException {
        Instant now = clock.instant();
        return keys.stream()
                .distinct()
                .flatMap(key -> read(fileOf(type, key)).stream())
                .filter(answer -> answer.expires().isAfter(now))
                .toList();
    }

    private Path fileOf(String type, String key) {
        return folder.path().resolve(FileNames.answer(type, key));
    }

    private Optional<PendingAnswer> read(Path file) {
        try {
            return folder.readOwn(file).map(text -> parse(file, text));
        } catch (StoreException | IllegalArgumentException e) {
            LOG.debug("{} is not understood, and so not used", file, Trace.of(e));
            return Optional.empty();
        }
    }

    private @Nullable PendingAnswer parse(Path file, String text) {
        JsonMembers members = JsonMembers.parse(text);
        members.requireVersion();
        JsonMembers identifier = Objects.requireNonNullElse(members.object("identifier"), JsonMembers.empty());
        PendingAnswer answer = new PendingAnswer(
                members.requiredText("type"),
                new Identifier(identifier.requiredText("type"), identifier.requiredText("value")),
                members.requiredText("token"),
                members.requiredText("thumbprint"),
                members.requiredInstant("expires"));
        return fileOf(answer.type(), answer.key()).equals(file) ? answer : null;
    }

    private static String text(PendingAnswer answer) {
        return JsonMembers.empty()
                .setVersion()
                .set("type", answer.type())
                .set(
                        "identifier",
                        JsonMembers.empty()
                                .set("type", answer.identifier().type())
                                .set("value", answer.identifier().value()))
                .set("token", answer.token())
                .set("thumbprint", answer.thumbprint())
                .set("expires", answer.expires().toString())
                .toText();
    }

    // What a crash left behind. Now and then, since all files are listed for it.
    private void removeExpired() throws IOException {
        Instant now = clock.instant();
        Instant last = cleanedUp;
        if (last != null && Duration.between(last, now).abs().compareTo(BETWEEN_CLEANUPS) < 0) {
            return;
        }
        cleanedUp = now;
        for (Path file : folder.list().startingWith(FileNames.ANSWER)) {
            if (read(file).filter(answer -> answer.expires().isAfter(now)).isEmpty()) {
                folder.discard(file);
            }
        }
    }
}
