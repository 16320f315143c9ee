import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Prints how many lines of a module its tests ran: arguments are the module's name and JaCoCo's CSV report. */
class Coverage {

    public static void main(String[] arguments) throws IOException {
        Path report = Path.of(arguments[1]);
        if (!Files.exists(report)) {
            return;
        }
        List<String> rows = Files.readAllLines(report);
        long missed = sum(rows, "LINE_MISSED");
        long covered = sum(rows, "LINE_COVERED");
        long all = missed + covered;
        if (all > 0) {
            System.out.printf(
                    Locale.ROOT,
                    "coverage %s: %.1f %% of lines (%d of %d)%n",
                    arguments[0],
                    100.0 * covered / all,
                    covered,
                    all);
        }
    }

    private static long sum(List<String> rows, String column) {
        int index = List.of(rows.get(0).split(",")).indexOf(column);
        return rows.stream()
                .skip(1)
                .mapToLong(row -> Long.parseLong(row.split(",")[index]))
                .sum();
    }
}
