package org.wucme.cli;

/** What the command tells the shell. */
final class ExitCode {

    /** Done. */
    static final int DONE = 0;

    /** There was nothing to do. */
    static final int NOTHING_TO_DO = 1;

    /** It did not work, or the command line was wrong. */
    static final int FAILED = 2;

    private ExitCode() {}
}
