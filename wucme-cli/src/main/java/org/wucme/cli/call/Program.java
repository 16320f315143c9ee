package org.wucme.cli.call;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.wucme.acme.internal.files.Exposure;
import org.wucme.acme.internal.files.ProcessUser;

/**
 * A program by its name: a path, or a name to be found in the folders of PATH.
 *
 * @param name as an administrator wrote it
 */
record Program(String name) {

    private static final String USUAL_PATH = "/usr/bin:/bin";

    /** The file that can be run now; empty if there is none. */
    Optional<Path> file() {
        return candidates().stream().filter(Program::canBeRun).findFirst();
    }

    private static boolean canBeRun(Path file) {
        return Files.isExecutable(file) && !Files.isDirectory(file);
    }

    private List<Path> candidates() {
        return isPath()
                ? List.of(Path.of(name).toAbsolutePath())
                : Stream.of(System.getenv().getOrDefault("PATH", USUAL_PATH).split(":"))
                        .map(folder -> Path.of(folder, name).toAbsolutePath())
                        .toList();
    }

    private boolean isPath() {
        return name.contains("/");
    }

    /** Why there is no file to run, in words. */
    String absence() {
        return "the program " + name + reasonOfAbsence();
    }

    private String reasonOfAbsence() {
        List<Path> there = candidates().stream().filter(Files::exists).toList();
        if (there.isEmpty()) {
            return isPath() ? " is not there" : " is in none of the folders of PATH";
        }
        return there.stream().allMatch(Files::isDirectory)
                ? " is a folder"
                : " is not a program that this user may run: it is not executable (chmod +x), or its file system is"
                        + " mounted noexec";
    }

    /** What is wrong with the file that would be run, in words that follow "it"; empty if that is not known. */
    Optional<String> flaw() {
        return head().flatMap(ProgramFile::flaw);
    }

    /** The same for a program that failed, and with that what else may be the reason. */
    Optional<String> likelyReason() {
        return flaw().or(() -> head().flatMap(ProgramFile::suspicion));
    }

    // A program need not be readable to be run.
    private Optional<ProgramFile> head() {
        try {
            Optional<Path> file = file();
            return file.isPresent() ? Optional.of(ProgramFile.read(file.get())) : Optional.empty();
        } catch (IOException | InvalidPathException e) {
            return Optional.empty();
        }
    }

    /**
     * Why root must not run a file of this program: another user could change what it does, by the file, its interpreter, or a
     * folder on the way to either. Always empty for other users.
     */
    Optional<String> exposure(Path file) {
        try {
            return ProcessUser.isRoot()
                    ? exposed(file)
                            .map(exposure -> refusal(exposure
                                    + "; root must own the file, its interpreter and all folders on the way, and no other"
                                    + " user may write them (chown root, chmod go-w)"))
                    : Optional.empty();
        } catch (IOException | InvalidPathException e) {
            return Optional.of(refusal("its owners cannot be read: " + e));
        }
    }

    private String refusal(String reason) {
        return "the program " + name + " is not run as root: " + reason;
    }

    private static Optional<Exposure> exposed(Path file) throws IOException {
        Optional<Exposure> exposure = Exposure.of(file);
        if (exposure.isPresent()) {
            return exposure;
        }
        Optional<Path> interpreter = ProgramFile.read(file).interpreter();
        return interpreter.isPresent() ? Exposure.of(interpreter.get()) : Optional.empty();
    }
}
