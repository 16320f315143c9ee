package org.wucme.cli.notify;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wucme.acme.internal.files.OpenFolder;
import org.wucme.cli.Errors;

/**
 * What each target was told lately, by whichever process, in a file in the folder of the certificates: so that a restart is no
 * reason to tell it again. A file that is not understood is as good as none, and is replaced; without a file, this process knows
 * what it told itself. Thread-safe.
 */
final class ToldFile {

    static final String FILE_NAME = "WUCME_NOTICES.JSON";

    private static final Logger LOG = LoggerFactory.getLogger(ToldFile.class);
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final int MAX_BYTES = 4 << 20;
    private static final int VERSION = 1;

    private final @Nullable Path folder;
    private final int noticesADay;
    private final Map<String, RateLimit> limits = new HashMap<>();
    private boolean isWarned;

    /** @param folder null for none */
    ToldFile(@Nullable Path folder, int noticesADay) {
        this.folder = folder;
        this.noticesADay = noticesADay;
    }

    /** As {@link RateLimit#admit}, for the target of this name. */
    synchronized Optional<Notice> admit(String target, Notice notice) {
        if (folder == null) {
            return limitOf(target).admit(notice);
        }
        try (OpenFolder open = OpenFolder.open(folder)) {
            ObjectNode targets = read(open);
            if (targets.has(target)) {
                limits.put(target, RateLimit.parse(targets.path(target), noticesADay));
            }
            Optional<Notice> admitted = limitOf(target).admit(notice);
            targets.set(target, limitOf(target).toJson(notice.time()));
            write(open, targets);
            return admitted;
        } catch (IOException e) {
            warn(e);
            return limitOf(target).admit(notice);
        }
    }

    private RateLimit limitOf(String target) {
        return limits.computeIfAbsent(target, unused -> new RateLimit(noticesADay));
    }

    private ObjectNode read(OpenFolder open) throws IOException {
        String text = open.read(FILE_NAME, MAX_BYTES)
                .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
                .orElse("{}");
        try {
            JsonNode json = MAPPER.readTree(text);
            if (json.path("version").asInt() == VERSION && json.path("targets") instanceof ObjectNode targets) {
                return targets;
            }
        } catch (JsonProcessingException e) {
            LOG.info("{} is not understood, and is replaced: {}", FILE_NAME, e.getOriginalMessage());
        }
        return JsonNodeFactory.instance.objectNode();
    }

    private void write(OpenFolder open, ObjectNode targets) {
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("version", VERSION);
        json.set("targets", targets);
        try {
            open.put(FILE_NAME, (json + "\n").getBytes(StandardCharsets.UTF_8), "rw-------");
            isWarned = false;
        } catch (IOException e) {
            warn(e);
        }
    }

    private void warn(IOException e) {
        if (!isWarned) {
            isWarned = true;
            LOG.warn("notices of the last day may be sent again after a restart: {}", Errors.describe(e));
        }
    }
}
