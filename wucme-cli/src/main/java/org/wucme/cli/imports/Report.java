package org.wucme.cli.imports;

import java.io.PrintWriter;
import java.nio.file.Path;
import org.wucme.acme.internal.text.OneLine;

/** Says, line by line, what is taken over and what is not. What is quoted from files is kept to one line. Not thread-safe. */
public final class Report {

    private final PrintWriter out;
    private final PrintWriter err;
    private int takenOver;
    private int failed;

    /** With where to say what is done, and where to say what failed. */
    public Report(PrintWriter out, PrintWriter err) {
        this.out = out;
        this.err = err;
    }

    void begin(ForeignClient client, Path folder) {
        out.println(OneLine.of("reading what " + client + " has in " + folder + ", which stays as it is"));
    }

    void takenOver(String where, String what) {
        takenOver++;
        line(out, where, what);
    }

    void present(String where, String what) {
        line(out, where, what);
    }

    void leftOut(String where, String why) {
        line(out, where, "left out: " + why);
    }

    void note(String where, String what) {
        line(out, where, "note: " + what);
    }

    void failed(String where, String why) {
        failed++;
        line(err, where, "failed: " + why);
    }

    /** Whether anything was taken over, or would be. */
    public boolean hasTakenOver() {
        return takenOver > 0;
    }

    /** Whether something could not be read, or not be stored. */
    public boolean hasFailed() {
        return failed > 0;
    }

    private static void line(PrintWriter writer, String where, String what) {
        writer.println(OneLine.of(where + ": " + what));
    }
}
