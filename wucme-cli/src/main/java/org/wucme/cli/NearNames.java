package org.wucme.cli;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Names that someone who mistyped one may have meant. */
final class NearNames {

    private static final int MOST = 3;
    private static final int LETTERS_PER_MISTAKE = 4;

    private NearNames() {}

    /** The nearest first; none that differs in more than a quarter of its letters, unless it contains the word. */
    static List<String> of(String word, Collection<String> names) {
        String meant = word.toLowerCase(Locale.ROOT);
        return names.stream()
                .filter(name -> isNear(meant, name.toLowerCase(Locale.ROOT)))
                .sorted(Comparator.<String>comparingInt(name -> distance(meant, name.toLowerCase(Locale.ROOT)))
                        .thenComparing(Comparator.naturalOrder()))
                .distinct()
                .limit(MOST)
                .toList();
    }

    private static boolean isNear(String meant, String name) {
        return (!meant.isEmpty() && name.contains(meant))
                || distance(meant, name) * LETTERS_PER_MISTAKE <= Math.max(meant.length(), name.length());
    }

    /** How many letters must be changed, added or left out to make one word of the other (Levenshtein). */
    private static int distance(String one, String other) {
        int[] row = new int[other.length() + 1];
        for (int j = 0; j <= other.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= one.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= other.length(); j++) {
                int changed = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(changed, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[other.length()];
    }
}
