package org.wucme.store.file;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wucme.store.internal.JsonMembers;

/**
 * When which alarm was raised last, in one file of the store. A file that is not understood is as good as none, and is replaced.
 * The caller holds the lock of the store.
 */
final class AlarmFile {

    /** More than a human reads in a day; of what is dropped, another process may raise an alarm once more. */
    static final int MAX_ALARMS = 1000;

    private static final Logger LOG = LoggerFactory.getLogger(AlarmFile.class);
    private static final int VERSION = 1;
    private static final String VERSION_MEMBER = "version";
    private static final String ALARMS_MEMBER = "alarms";

    private final Folder folder;
    private final Path file;

    AlarmFile(Folder folder) {
        this.folder = folder;
        this.file = folder.path().resolve(FileNames.ALARMS);
    }

    /** See {@link org.wucme.store.CertificateStore#firstAlarm}. */
    boolean isFirst(String name, String reason, Instant now, Duration pause) throws IOException {
        Map<String, Instant> alarms = read();
        alarms.values().removeIf(at -> Duration.between(at, now).abs().compareTo(pause) >= 0);
        if (alarms.putIfAbsent(reason + " " + name, now) != null) {
            return false;
        }
        if (alarms.size() > MAX_ALARMS) {
            alarms.entrySet().stream()
                    .min(Map.Entry.comparingByValue(Comparator.naturalOrder()))
                    .ifPresent(oldest -> alarms.remove(oldest.getKey()));
        }
        folder.put(file, text(alarms));
        return true;
    }

    private Map<String, Instant> read() {
        try {
            Optional<String> text = folder.readOwn(file);
            return text.isEmpty() ? new HashMap<>() : parse(JsonMembers.parse(text.get()));
        } catch (IOException | IllegalArgumentException | DateTimeParseException e) {
            LOG.warn(
                    "{} is not understood and is replaced, so an alarm of the last day may be raised once more: {}",
                    file,
                    e.getMessage());
            return new HashMap<>();
        }
    }

    private static Map<String, Instant> parse(JsonMembers members) {
        Map<String, Instant> alarms = new HashMap<>();
        if (members.number(VERSION_MEMBER, 0) == VERSION) {
            for (Map.Entry<String, JsonNode> alarm :
                    members.node().path(ALARMS_MEMBER).properties()) {
                alarms.put(alarm.getKey(), Instant.parse(alarm.getValue().asText()));
            }
        }
        return alarms;
    }

    private static String text(Map<String, Instant> alarms) {
        JsonMembers members = JsonMembers.empty().set(VERSION_MEMBER, VERSION);
        var node = members.node().putObject(ALARMS_MEMBER);
        alarms.forEach((key, at) -> node.put(key, at.toString()));
        return members.toText();
    }
}
