package org.wucme.cli;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.PrintWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.wucme.acme.AcmeRateLimitException;
import org.wucme.acme.AcmeTimeoutException;
import org.wucme.acme.AcmeUserActionException;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Says in a sentence or two what went wrong, on standard error. */
final class Errors {

    private Errors() {}

    static int explainUsage(ParameterException e, String[] args) {
        CommandLine command = e.getCommandLine();
        PrintWriter err = command.getErr();
        err.println("wucme: " + e.getMessage());
        if (!UnmatchedArgumentException.printSuggestions(e, err)) {
            err.println("Try \"" + command.getCommandSpec().qualifiedName() + " --help\".");
        }
        return ExitCode.FAILED;
    }

    static int explain(Exception e, CommandLine command, boolean verbose) {
        PrintWriter err = command.getErr();
        err.println("wucme: " + describe(e));
        if (verbose) {
            e.printStackTrace(err);
        }
        return ExitCode.FAILED;
    }

    /** The message of an exception, with what to do where the exception itself does not say. */
    static String describe(Throwable e) {
        if (e instanceof InterruptedIOException) {
            return "interrupted";
        }
        if (e instanceof AcmeRateLimitException limit) {
            return limit.getMessage()
                    + limit.retryAt()
                            .map(at -> "; not before " + LogLine.time(at))
                            .orElse("")
                    + (limit.help().isEmpty() ? "" : "; see " + String.join(", ", limit.help()));
        }
        if (e instanceof AcmeUserActionException action) {
            return action.getMessage()
                    + action.actionUrl()
                            .or(action::termsOfService)
                            .map(url -> "; see " + url)
                            .orElse("");
        }
        if (e instanceof AcmeTimeoutException) {
            return e.getMessage() + "; the order is kept, and the same command goes on with it";
        }
        if (e instanceof FileSystemException file) {
            return describeFile(file);
        }
        boolean expected = e instanceof IOException || e instanceof IllegalArgumentException;
        return expected && e.getMessage() != null ? e.getMessage() : "unexpected error: " + e;
    }

    private static String describeFile(FileSystemException e) {
        if (e instanceof NoSuchFileException) {
            return e.getFile() + ": there is no such file or folder";
        }
        if (e instanceof AccessDeniedException) {
            return e.getFile() + ": this user may not read or write it";
        }
        return e.getFile() + ": " + (e.getReason() == null ? e.getClass().getSimpleName() : e.getReason());
    }
}
