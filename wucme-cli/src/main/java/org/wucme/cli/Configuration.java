package org.wucme.cli;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.wucme.acme.internal.files.Exposure;

/**
 * The variables by which options are given: those of the environment, and behind them those of the file {@code WUCME.CONF}
 * in the folder of the certificates. What logical names of the system table are to wµCME, that file is to us: the agent and
 * every command go by it. Immutable.
 *
 * <pre>
 * # A name twice is a value of several lines.
 * WUCME_HTTP_PORT=8080
 * WUCME_LOAD=HUP:/run/nginx.pid
 * WUCME_LOAD="/usr/local/bin/copy-it --to www2"
 * </pre>
 */
final class Configuration {

    private static final String FILE_NAME = "WUCME.CONF";
    private static final String HERE = "--here";
    private static final String HERE_VARIABLE = "WUCME_HERE";
    private static final Set<String> SECRETS = Set.of("WUCME_SMTP_PASSWORD", "WUCME_EAB_KEY");
    private static final String WEBHOOK = "WUCME_WEBHOOK";
    private static final Pattern URL_WITH_SECRET = Pattern.compile("(?i)https?://(?:[^\\s/?#]*@|[^\\s?]*\\?)");
    private static final Pattern URL_WITH_PATH = Pattern.compile("(?i)https?://[^\\s/]+/\\S");
    private static final Pattern LINE = Pattern.compile("([A-Za-z_][A-Za-z0-9_]*)=(.*)");
    private static final Pattern QUOTED = Pattern.compile("\"(.*)\"|'(.*)'");

    private final Map<String, String> environment;
    private final List<String> words;
    private final Map<String, String> variables;
    private final List<String> warnings;

    private Configuration(
            Map<String, String> environment, List<String> words, Map<String, String> variables, List<String> warnings) {
        this.environment = environment;
        this.words = words;
        this.variables = variables;
        this.warnings = List.copyOf(warnings);
    }

    /** Of variables alone. */
    static Configuration of(Map<String, String> environment) {
        return new Configuration(Map.copyOf(environment), List.of(), Map.copyOf(environment), List.of());
    }

    /**
     * Of variables and the file, if there is one.
     *
     * @param words of the command line, which may name the folder
     * @throws IOException if the file cannot be read, or is not to be trusted; the message says why
     */
    static Configuration read(Map<String, String> environment, String... words) throws IOException {
        return read(Map.copyOf(environment), List.of(words));
    }

    private static Configuration read(Map<String, String> environment, List<String> words) throws IOException {
        Optional<Path> file = folder(environment, words)
                .map(folder -> folder.resolve(FILE_NAME))
                .filter(Files::exists);
        List<String> warnings = new ArrayList<>();
        Map<String, String> variables = new HashMap<>(file.isPresent() ? parse(file.get(), warnings) : Map.of());
        variables.putAll(environment);
        return new Configuration(environment, words, Map.copyOf(variables), warnings);
    }

    /** The same, as the file is now. */
    Configuration reread() throws IOException {
        return read(environment, words);
    }

    /** The home folder of the user, by the environment alone. */
    HomeFolder home() {
        return HomeFolder.of(environment);
    }

    /** All variables by their names. */
    Map<String, String> variables() {
        return variables;
    }

    /** What is odd about the file, but no reason not to go by it. */
    List<String> warnings() {
        return warnings;
    }

    /** The words of the command line. */
    String[] words() {
        return words.toArray(String[]::new);
    }

    // Before the command line is parsed, since that needs the variables.
    private static Optional<Path> folder(Map<String, String> environment, List<String> words) throws IOException {
        String folder = environment.getOrDefault(HERE_VARIABLE, "");
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            if (word.equals(HERE) && i + 1 < words.size()) {
                folder = words.get(i + 1);
            } else if (word.startsWith(HERE + "=")) {
                folder = word.substring(HERE.length() + 1);
            }
        }
        HomeFolder home = HomeFolder.of(environment);
        try {
            return folder.isBlank() ? home.store() : Optional.of(home.path(folder));
        } catch (IllegalArgumentException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private static Map<String, String> parse(Path file, List<String> warnings) throws IOException {
        requireTrustworthy(file);
        Map<String, String> variables = new LinkedHashMap<>();
        List<String> lines = TextFile.read(file).lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (!line.isEmpty() && !line.startsWith("#")) {
                Matcher matcher = LINE.matcher(line);
                if (!matcher.matches()) {
                    throw new IOException(file + ", line " + (i + 1) + ": NAME=VALUE is expected there");
                }
                if (KnownVariables.isMisspelt(matcher.group(1))) {
                    warnings.add(file + ", line " + (i + 1) + ": " + warning(matcher.group(1)));
                }
                variables.merge(matcher.group(1), unquoted(matcher.group(2)), (before, more) -> before + "\n" + more);
            }
        }
        warnOfReaders(file, variables, warnings);
        return variables;
    }

    private static void warnOfReaders(Path file, Map<String, String> variables, List<String> warnings)
            throws IOException {
        List<String> secrets = variables.entrySet().stream()
                .filter(variable -> isSecret(variable.getKey(), variable.getValue()))
                .map(Map.Entry::getKey)
                .toList();
        if (!secrets.isEmpty()) {
            SecretFile.exposure(file)
                    .ifPresent(exposure -> warnings.add(
                            file + " " + exposure + ", and contains secrets: " + String.join(", ", secrets)));
        }
    }

    // The path of a webhook is often all that protects it.
    private static boolean isSecret(String name, String value) {
        return SECRETS.contains(name)
                || URL_WITH_SECRET.matcher(value).find()
                || (name.equals(WEBHOOK) && URL_WITH_PATH.matcher(value).find());
    }

    private static String warning(String name) {
        return "no command knows " + name + ", so that it changes nothing"
                + KnownVariables.meant(name)
                        .map(meant -> "; did you mean " + meant + "?")
                        .orElse("");
    }

    private static String unquoted(String text) {
        String value = text.strip();
        Matcher quoted = QUOTED.matcher(value);
        return quoted.matches() ? value.substring(1, value.length() - 1) : value;
    }

    // It names programs that are run: before it is read, so that no other user can change what was checked.
    private static void requireTrustworthy(Path file) throws IOException {
        if (!FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
            return;
        }
        Optional<Exposure> exposure = Exposure.of(file);
        if (exposure.isPresent()) {
            FolderOwner.require(Objects.requireNonNull(file.toAbsolutePath().getParent()));
            throw untrustworthy(file, exposure.get().toString());
        }
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
        if (permissions.contains(PosixFilePermission.OTHERS_WRITE)
                || permissions.contains(PosixFilePermission.GROUP_WRITE)) {
            throw untrustworthy(file, "its group or all users can write it");
        }
    }

    private static IOException untrustworthy(Path file, String reason) {
        return new IOException(
                file + " can be changed by other users, and names programs to be run: " + reason
                        + ". Let it and its folders belong to this user or to root, and let no other user write them (chmod go-w)");
    }
}
