package dev.tidemill.server.modelconfig;

import java.util.Collection;
import java.util.Optional;

/// The key that someone may have meant.
public final class Nearest {
    private Nearest() {}

    /// @return the known word with the fewest changed letters, when they are few for its length; a
    ///   beginning of a word counts as one letter
    public static Optional<String> to(String word, Collection<String> known) {
        String best = "";
        int fewest = Integer.MAX_VALUE;
        for (String candidate : known) {
            boolean half =
                    word.length() >= 4
                            && (candidate.startsWith(word) || word.startsWith(candidate));
            int distance = half ? 1 : distance(word, candidate);
            if (distance < fewest) {
                fewest = distance;
                best = candidate;
            }
        }
        return fewest <= Math.max(2, word.length() / 3) ? Optional.of(best) : Optional.empty();
    }

    /// Levenshtein's.
    private static int distance(String a, String b) {
        if (Math.abs(a.length() - b.length()) > 16 || a.length() > 200) {
            return Integer.MAX_VALUE;
        }
        int[] row = new int[b.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int changed = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(changed, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
