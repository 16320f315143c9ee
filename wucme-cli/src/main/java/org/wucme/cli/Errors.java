package org.wucme.cli;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.PrintWriter;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Map;
import org.wucme.acme.AcmeAccountException;
import org.wucme.acme.AcmeConnectionException;
import org.wucme.acme.AcmeProblemException;
import org.wucme.acme.AcmeRateLimitException;
import org.wucme.acme.AcmeTimeoutException;
import org.wucme.acme.AcmeUserActionException;
import org.wucme.acme.ProblemType;
import org.wucme.acme.internal.text.OneLine;
import org.wucme.acme.internal.text.Trace;
import org.wucme.challenges.ListenException;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Says in a sentence or two what went wrong, on standard error. */
public final class Errors {

    private Errors() {}

    static int explainUsage(ParameterException e, Map<String, String> environment) {
        CommandLine command = e.getCommandLine();
        PrintWriter err = command.getErr();
        err.println("wucme: " + describeUsage(e, environment));
        if (!UnmatchedArgumentException.printSuggestions(e, err)) {
            err.println("Try \"" + command.getCommandSpec().qualifiedName() + " --help\".");
        }
        return ExitCode.FAILED;
    }

    /** What is wrong with an option, and which variable gave it, if one did. */
    static String describeUsage(ParameterException e, Map<String, String> environment) {
        return describeUsage(e) + source(e, environment);
    }

    private static String describeUsage(ParameterException e) {
        if (e instanceof UnmatchedArgumentException unmatched && !unmatched.isUnknownOption()) {
            String word = "\"" + unmatched.getUnmatched().get(0) + "\"";
            return e.getCommandLine().getSubcommands().isEmpty()
                    ? word + " is one argument too many"
                    : "there is no command " + word;
        }
        return String.valueOf(e.getMessage());
    }

    // Nobody finds what is wrong on a command line if a variable says it.
    private static String source(ParameterException e, Map<String, String> environment) {
        if (e.getValue() == null || !(e.getArgSpec() instanceof OptionSpec option)) {
            return "";
        }
        String variable = EnvironmentDefaults.variableOf(option);
        return e.getValue().equals(environment.get(variable)) ? " (" + variable + " says so)" : "";
    }

    static int explain(Exception e, CommandLine command, Globals globals) {
        PrintWriter err = command.getErr();
        err.println("wucme: " + describe(e));
        if (globals.verbose) {
            Trace.of(e).printStackTrace(err);
        }
        return ExitCode.FAILED;
    }

    /**
     * The message of an exception, with what to do where the exception itself does not say. In one line, and without
     * control characters: part of it may be the words of a CA.
     */
    public static String describe(Throwable e) {
        return OneLine.of(describeFreely(e));
    }

    private static String describeFreely(Throwable e) {
        if (e instanceof InterruptedIOException) {
            return isTimeout(e) ? "no answer came in time" : "interrupted";
        }
        if (e instanceof AcmeRateLimitException limit) {
            return limit.getMessage()
                    + limit.retryAt()
                            .map(at -> "; not before " + LocalMinute.notBefore(at))
                            .orElse("")
                    + (limit.help().isEmpty() ? "" : "; see " + String.join(", ", limit.help()));
        }
        if (e instanceof AcmeUserActionException action) {
            return action.getMessage() + whatToDo(action);
        }
        if (e instanceof AcmeAccountException lost) {
            return lost.getMessage() + " (" + register(lost.directoryUrl()) + ")";
        }
        if (e instanceof AcmeProblemException refusal && refusal.problem().is(ProblemType.ACCOUNT_DOES_NOT_EXIST)) {
            return refusal.getMessage() + "; \"wucme register\" makes a new one";
        }
        if (e instanceof AcmeTimeoutException) {
            return e.getMessage() + "; the order is kept, and the same command goes on with it";
        }
        if (e instanceof AcmeConnectionException
                && String.valueOf(e.getMessage()).endsWith("name its file")) {
            return e.getMessage() + " with --ca-bundle";
        }
        if (e instanceof AcmeConnectionException unreachable) {
            return unreachable.getMessage() + wayAround(unreachable);
        }
        if (e instanceof ListenException) {
            return e.getMessage() + " (--http-port, --tls-port, --webroot)";
        }
        if (e instanceof FileSystemException file) {
            return describeFile(file);
        }
        boolean expected =
                e instanceof IOException || e instanceof IllegalArgumentException || e instanceof ParameterException;
        return expected && e.getMessage() != null ? e.getMessage() : "unexpected error: " + e;
    }

    private static String whatToDo(AcmeUserActionException action) {
        return action.problem().is(ProblemType.EXTERNAL_ACCOUNT_REQUIRED)
                ? " (--eab-kid, --eab-key)"
                : " (then \"wucme manage --now\", or SIGHUP to the agent, tries again at once)";
    }

    // Behind a firewall, only a proxy may know the CA's name, or have a way there.
    private static String wayAround(AcmeConnectionException unreachable) {
        boolean isNear = unreachable.host().map(ThisMachine::isMeantBy).orElse(true);
        return isOfFirstStep(unreachable) && !isNear && unreachable.proxy().isEmpty()
                ? "; where only a proxy leads to the CA, name it by --proxy or https_proxy"
                : "";
    }

    private static boolean isOfFirstStep(Throwable e) {
        return e instanceof UnknownHostException
                || e instanceof SocketException
                || e instanceof SocketTimeoutException
                || (e.getCause() != null && isOfFirstStep(e.getCause()));
    }

    /** The command that registers an account at a CA. */
    static String register(String directoryUrl) {
        return "\"wucme register --ca " + directoryUrl + "\"";
    }

    // Java and OkHttp say of a deadline that it was an interrupt; the one has a class for it, the other a message.
    private static boolean isTimeout(Throwable e) {
        return e instanceof SocketTimeoutException || "timeout".equals(e.getMessage());
    }

    private static String describeFile(FileSystemException e) {
        if (e instanceof NoSuchFileException) {
            return e.getFile() + ": there is no such file or folder";
        }
        if (e instanceof AccessDeniedException) {
            return e.getFile() + ": this user may not read or write it";
        }
        if (e instanceof FileAlreadyExistsException) {
            return e.getFile() + ": it is there already, and is no folder";
        }
        return e.getFile() + ": " + (e.getReason() == null ? e.getClass().getSimpleName() : e.getReason());
    }
}
