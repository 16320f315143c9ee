package org.wucme.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.util.Objects;
import java.util.Properties;
import java.util.TreeMap;
import picocli.CommandLine.Command;

@Command(name = "version", description = "Shows the version of wucme, of Java, and of the libraries.")
final class VersionCommand extends WucmeCommand {

    @Override
    public Integer call() throws IOException {
        PrintWriter out = out();
        Properties versions = versions();
        out.println("wucme " + versions.remove("wucme"));
        out.println("Java " + System.getProperty("java.version") + " (" + System.getProperty("java.vendor") + ")");
        new TreeMap<>(versions).forEach((library, version) -> out.println(library + " " + version));
        return ExitCode.DONE;
    }

    /** What is in use, by name. */
    static Properties versions() throws IOException {
        Properties versions = new Properties();
        try (InputStream in = VersionCommand.class.getResourceAsStream("versions.properties")) {
            versions.load(Objects.requireNonNull(in));
        }
        return versions;
    }
}
