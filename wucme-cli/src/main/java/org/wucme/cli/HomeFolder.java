package org.wucme.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.wucme.acme.internal.files.ProcessUser;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * The home folder of the user: that of {@code HOME}, as for all programs, or else that of the system's list of users, which
 * need not know the user of a container. As a converter, it reads paths that may begin with {@code ~}. Immutable.
 */
final class HomeFolder implements ITypeConverter<Path> {

    private static final String STORE = ".wucme";
    private static final String TILDE = "~";
    private static final String BELOW = TILDE + "/";

    private final String variable;
    private final String listed;

    /** @param listed what the list of users says; anything but an absolute path if the user is not there */
    HomeFolder(@Nullable String variable, @Nullable String listed) {
        this.variable = variable == null ? "" : variable;
        this.listed = listed == null ? "" : listed;
    }

    /** With these variables, of the user of this process. */
    static HomeFolder of(Map<String, String> environment) {
        return new HomeFolder(environment.get("HOME"), System.getProperty("user.home"));
    }

    /** Where the certificates are by default; empty if the user has no home folder. */
    Optional<Path> store() {
        return find().map(home -> home.resolve(STORE));
    }

    /**
     * As {@link #store()}.
     *
     * @throws IllegalArgumentException if the user has no home folder; the message says what to do
     */
    Path requireStore() {
        return require().resolve(STORE);
    }

    private Path require() {
        return find().orElseThrow(() -> new IllegalArgumentException("this user has no home folder: HOME is "
                + (variable.isEmpty()
                        ? "not set, and the system's list of users has none"
                        : "\"" + variable + "\", which is no absolute path: set it to one")
                + ". Name the folder of the certificates by --here or WUCME_HERE"));
    }

    private Optional<Path> find() {
        Optional<Path> ofList = absolute(listed);
        if (variable.isEmpty()) {
            return ofList;
        }
        // One that is relative is a mistake, and must not lead elsewhere unnoticed.
        Optional<Path> ofVariable = absolute(variable);
        boolean isOfAnother = ofVariable.filter(home -> !isUsable(home)).isPresent();
        return isOfAnother && ofList.isPresent() ? ofList : ofVariable;
    }

    // sudo, and programs like it, may leave the home of the user who calls them. A folder of a service may be root's.
    private static boolean isUsable(Path home) {
        try {
            return !Files.exists(home) || ProcessUser.owns(home) || (!ProcessUser.isRoot() && Files.isWritable(home));
        } catch (IOException e) {
            return true;
        }
    }

    private static Optional<Path> absolute(String text) {
        try {
            return Optional.of(Path.of(text)).filter(Path::isAbsolute);
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    @Override
    public Path convert(String text) {
        if (text.isBlank()) {
            throw new TypeConversionException("a path is missing");
        }
        try {
            return path(text);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(String.valueOf(e.getMessage()));
        }
    }

    /**
     * A path, of which {@code ~} is the home folder, as for a shell: it does not replace that in a file, nor behind a sign.
     *
     * @throws IllegalArgumentException if the user has no home folder, or the text is no path
     */
    Path path(String text) {
        if (text.equals(TILDE)) {
            return require();
        }
        return text.startsWith(BELOW) ? require().resolve(text.substring(BELOW.length())) : Path.of(text);
    }
}
