package dev.tidemill.spec.yaml;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What somebody who mistyped a word probably meant.
public final class Nearest {
    private static final int MAX_LENGTH = 64;
    private static final int MAX_CANDIDATES = 200;

    private Nearest() {}

    /// The candidate with the smallest edit distance (insert, delete, replace, swap of neighbours;
    /// case does not count), when that is at most a third of the longer word. The first of equals.
    public static Optional<String> of(String text, Collection<String> candidates) {
        if (text.isEmpty() || text.length() > MAX_LENGTH) {
            return Optional.empty();
        }
        List<String> examined = candidates.stream().limit(MAX_CANDIDATES).toList();
        Optional<String> best = Optional.empty();
        int least = Integer.MAX_VALUE;
        for (String candidate : examined) {
            int allowed = Math.max(1, Math.max(text.length(), candidate.length()) / 3);
            if (Math.abs(text.length() - candidate.length()) > allowed) {
                continue;
            }
            int distance = distance(lower(text), lower(candidate));
            if (distance <= allowed && distance < least) {
                least = distance;
                best = Optional.of(candidate);
            }
        }
        return best;
    }

    /// `; nearest: 'digits'`, or nothing.
    public static String hint(String text, Collection<String> candidates) {
        return of(text, candidates).map("; nearest: '%s'"::formatted).orElse("");
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    /// Optimal string alignment: three rows of the Damerau-Levenshtein table.
    static int distance(String a, String b) {
        int[] beforeLast = new int[b.length() + 1];
        int[] last = new int[b.length() + 1];
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            last[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replace = last[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replace, 1 + Math.min(last[j], row[j - 1]));
                if (i > 1
                        && j > 1
                        && a.charAt(i - 1) == b.charAt(j - 2)
                        && a.charAt(i - 2) == b.charAt(j - 1)) {
                    row[j] = Math.min(row[j], 1 + beforeLast[j - 2]);
                }
            }
            int[] free = beforeLast;
            beforeLast = last;
            last = row;
            row = free;
        }
        return last[b.length()];
    }
}
