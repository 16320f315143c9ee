package org.wucme.testing;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

/**
 * Starts processes with the classes of this one, quickly: from a single jar and an archive of loaded classes, which halve
 * the time of a start, and there are hundreds. (Such an archive takes neither folders nor signed jars.)
 */
public final class ChildJvm {

    private final Path jar;
    private final Path archive;

    private ChildJvm(Path jar, Path archive) {
        this.jar = jar;
        this.archive = archive;
    }

    /**
     * Makes the jar in a folder; what a first run with the given arguments loads comes into the archive. That run finds
     * nothing in its standard input, and must end by itself.
     */
    public static ChildJvm prepare(Path folder, Class<?> main, String... arguments)
            throws IOException, InterruptedException {
        ChildJvm jvm = new ChildJvm(folder.resolve("classes.jar"), folder.resolve("classes.jsa"));
        try (JarOutputStream output = new JarOutputStream(Files.newOutputStream(jvm.jar))) {
            output.setLevel(1);
            Set<String> seen = new HashSet<>();
            for (String element : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
                copy(Path.of(element), output, seen);
            }
        }
        Process first = jvm.start(List.of(), List.of("-XX:ArchiveClassesAtExit=" + jvm.archive), main, arguments);
        first.getOutputStream().close();
        first.waitFor();
        return jvm;
    }

    /** Starts a process that runs a class's main method. What it writes to its standard error comes out in ours. */
    public Process start(Class<?> main, String... arguments) throws IOException {
        return start(List.of(), main, arguments);
    }

    /** Starts a process by a command that comes before that of Java. */
    public Process start(List<String> prefix, Class<?> main, String... arguments) throws IOException {
        return start(prefix, List.of("-XX:SharedArchiveFile=" + archive, "-Xshare:auto"), main, arguments);
    }

    private Process start(List<String> prefix, List<String> options, Class<?> main, String... arguments)
            throws IOException {
        List<String> command = new ArrayList<>(prefix);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx64m", "-Xlog:disable"));
        command.add("-Djava.util.logging.config.file=" + System.getProperty("java.util.logging.config.file", ""));
        command.addAll(List.of("-cp", jar.toString(), main.getName()));
        command.addAll(Arrays.asList(arguments));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static void copy(Path element, JarOutputStream output, Set<String> seen) throws IOException {
        if (Files.isDirectory(element)) {
            copyFolder(element, output, seen);
        } else if (Files.isRegularFile(element)) {
            copyJar(element, output, seen);
        }
    }

    private static void copyFolder(Path folder, JarOutputStream output, Set<String> seen) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                try (InputStream input = Files.newInputStream(file)) {
                    copy(folder.relativize(file).toString().replace(File.separatorChar, '/'), input, output, seen);
                }
            }
        }
    }

    private static void copyJar(Path jar, JarOutputStream output, Set<String> seen) throws IOException {
        try (JarFile file = new JarFile(jar.toFile(), false)) {
            for (JarEntry entry : file.stream().toList()) {
                try (InputStream input = file.getInputStream(entry)) {
                    copy(entry.getName(), input, output, seen);
                }
            }
        }
    }

    private static void copy(String name, InputStream input, JarOutputStream output, Set<String> seen)
            throws IOException {
        boolean isWanted = name.endsWith(".class") || name.startsWith("META-INF/services/");
        if (isWanted && !name.startsWith("META-INF/versions/") && seen.add(name)) {
            output.putNextEntry(new JarEntry(name));
            input.transferTo(output);
        }
    }
}
