package org.wucme.cli.call;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A program's file by its beginning, which tells the system how to start it: the line of an interpreter, or machine code.
 * Immutable.
 */
final class ProgramFile {

    private static final Path OURSELVES = Path.of("/proc/self/exe");
    private static final int MOST_THAT_LINUX_READS = 256;
    private static final String BYTE_ORDER_MARK = "\uFEFF";
    private static final Pattern INTERPRETER = Pattern.compile("#![ \\t]*(\\S+)[ \\t]*(.*?)[ \\t]*\\r?");

    // Linux gives all that follows the interpreter as one argument, which env takes apart after -S.
    private static final Pattern SPLIT_BY_ENV =
            Pattern.compile("(?:-S|--split-string=)[ \\t]*(?:[A-Za-z_][A-Za-z0-9_]*=\\S*[ \\t]+)*([^-\\s]\\S*).*");

    private static final String LINE_ENDING_OF_WINDOWS =
            " with a carriage return at the end, as on Windows: save it with Unix line endings (sed -i 's/\\r$//')";

    private static final String ELF = "\u007FELF";
    private static final int ELF_BYTE_ORDER = 5;
    private static final int ELF_BIG_ENDIAN = 2;
    private static final int ELF_MACHINE = 18;
    private static final int I386 = 3;
    private static final int ARM = 40;
    private static final int X86_64 = 62;
    private static final int AARCH64 = 183;

    private final byte[] head;
    private final String firstLine;

    private ProgramFile(byte[] head) {
        this.head = head;
        this.firstLine = new String(head, StandardCharsets.UTF_8).split("\n", 2)[0];
    }

    static ProgramFile read(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return new ProgramFile(in.readNBytes(MOST_THAT_LINUX_READS));
        }
    }

    /** The program in its first line, by its path; empty if there is none. */
    Optional<Path> interpreter() {
        Matcher line = INTERPRETER.matcher(firstLine);
        return line.matches() ? Optional.of(Path.of(line.group(1)).toAbsolutePath()) : Optional.empty();
    }

    /** Why it cannot be started, or will not run well, with what to do about it, in words that follow "it"; empty if all is well. */
    Optional<String> flaw() {
        if (firstLine.startsWith(BYTE_ORDER_MARK)) {
            return Optional.of("begins with a byte order mark, which hides its interpreter line: save it without one");
        }
        if (firstLine.endsWith("\r") && !isBinary()) {
            return Optional.of(
                    (firstLine.startsWith("#!") ? "has an interpreter line" : "has lines") + LINE_ENDING_OF_WINDOWS);
        }
        return isBinary() ? flawOfBinary() : flawOfInterpreter();
    }

    /**
     * What may have made it fail, in the same words: not every interpreter stumbles over it; empty if there is no such thing.
     */
    Optional<String> suspicion() {
        if (!isBinary() && new String(head, StandardCharsets.ISO_8859_1).contains("\r\n")) {
            return Optional.of("has lines" + LINE_ENDING_OF_WINDOWS);
        }
        return isForTheShell()
                ? Optional.of("has no interpreter line such as #!/bin/sh, so that /bin/sh ran it")
                : Optional.empty();
    }

    /** Whether the system gives it to {@code /bin/sh}, as what has neither an interpreter's line nor machine code. */
    private boolean isForTheShell() {
        return !isBinary() && interpreter().isEmpty();
    }

    private boolean isBinary() {
        return firstLine.indexOf('\0') >= 0 || firstLine.startsWith(ELF);
    }

    private Optional<String> flawOfInterpreter() {
        Matcher line = INTERPRETER.matcher(firstLine);
        if (!line.matches()) {
            return Optional.empty();
        }
        Program interpreter = new Program(interpreter().map(Path::toString).orElseThrow());
        if (interpreter.file().isEmpty()) {
            return Optional.of("needs an interpreter: " + interpreter.absence());
        }
        String sought = line.group(1).endsWith("/env") ? soughtByEnv(line.group(2)) : null;
        return sought == null || new Program(sought).file().isPresent()
                ? Optional.empty()
                : Optional.of("needs an interpreter: " + new Program(sought).absence());
    }

    private static @Nullable String soughtByEnv(String argument) {
        Matcher split = SPLIT_BY_ENV.matcher(argument);
        if (split.matches()) {
            return split.group(1);
        }
        return argument.isEmpty() || argument.startsWith("-") ? null : argument;
    }

    // Where this process is no ELF file either, programs are of another kind.
    private Optional<String> flawOfBinary() {
        try {
            ProgramFile ourselves = read(OURSELVES);
            return ourselves.isElf() ? flawOfBinary(ourselves.machine()) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private Optional<String> flawOfBinary(int machine) {
        if (!isElf()) {
            return Optional.of("is neither a script nor a program for this system");
        }
        return runsOn(machine)
                ? Optional.empty()
                : Optional.of("is built for another kind of processor than this machine has");
    }

    private boolean isElf() {
        return firstLine.startsWith(ELF) && head.length > ELF_MACHINE + 1;
    }

    private int machine() {
        int low = head[ELF_BYTE_ORDER] == ELF_BIG_ENDIAN ? 1 : 0;
        return Byte.toUnsignedInt(head[ELF_MACHINE + low]) | Byte.toUnsignedInt(head[ELF_MACHINE + 1 - low]) << 8;
    }

    private boolean runsOn(int machine) {
        int own = machine();
        return own == machine || (own == I386 && machine == X86_64) || (own == ARM && machine == AARCH64);
    }
}
