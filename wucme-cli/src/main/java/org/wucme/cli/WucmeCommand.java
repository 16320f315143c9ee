package org.wucme.cli;

import java.io.PrintWriter;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** One command: gives its exit code, and has the options that all commands have. */
abstract class WucmeCommand implements Callable<Integer> {

    @Spec
    @Nullable
    CommandSpec spec;

    /** The options that all commands have. */
    final Globals globals() {
        return ((Wucme) command().root().userObject()).globals;
    }

    /** Standard output. */
    final PrintWriter out() {
        return command().commandLine().getOut();
    }

    /** Standard error. */
    final PrintWriter err() {
        return command().commandLine().getErr();
    }

    private CommandSpec command() {
        return Objects.requireNonNull(spec);
    }
}
