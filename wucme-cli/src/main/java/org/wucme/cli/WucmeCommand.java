package org.wucme.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
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

    /** Asks the person at the terminal; where there is none, the answer is no. */
    final boolean isAgreed(String question) throws IOException {
        if (!globals().isTerminal()) {
            return false;
        }
        out().print(question + " [y/N] ");
        out().flush();
        String answer = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
        return answer != null && answer.strip().toLowerCase(Locale.ROOT).startsWith("y");
    }

    private CommandSpec command() {
        return Objects.requireNonNull(spec);
    }
}
