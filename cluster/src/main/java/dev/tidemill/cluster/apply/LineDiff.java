package dev.tidemill.cluster.apply;

import java.util.ArrayList;
import java.util.List;

/// Two texts, line by line, as `diff -u` shows them. Pure.
final class LineDiff {
    private static final int CONTEXT = 3;

    private LineDiff() {}

    /// One line of both texts.
    private record Line(char sign, String text) {}

    /// @return empty when they are the same
    static String unified(String from, String to, String before, String after) {
        if (before.equals(after)) {
            return "";
        }
        List<Line> lines = lines(before.lines().toList(), after.lines().toList());
        StringBuilder out = new StringBuilder("--- %s%n+++ %s%n".formatted(from, to));
        int shown = 0;
        for (int i = 0; i < lines.size(); i++) {
            if (!isNear(lines, i)) {
                continue;
            }
            if (shown == 0 || shown != i) {
                out.append("@@ line %d @@%n".formatted(number(lines, i)));
            }
            out.append(lines.get(i).sign()).append(lines.get(i).text()).append('\n');
            shown = i + 1;
        }
        return out.toString();
    }

    private static boolean isNear(List<Line> lines, int at) {
        int end = Math.min(lines.size(), at + CONTEXT + 1);
        for (int i = Math.max(0, at - CONTEXT); i < end; i++) {
            if (lines.get(i).sign() != ' ') {
                return true;
            }
        }
        return false;
    }

    /// Of the text that is to be.
    private static long number(List<Line> lines, int at) {
        return 1 + lines.subList(0, at).stream().filter(line -> line.sign() != '-').count();
    }

    /// By the longest common subsequence: objects have some hundred lines.
    private static List<Line> lines(List<String> a, List<String> b) {
        int[][] common = new int[a.size() + 1][b.size() + 1];
        for (int i = a.size() - 1; i >= 0; i--) {
            for (int j = b.size() - 1; j >= 0; j--) {
                common[i][j] =
                        a.get(i).equals(b.get(j))
                                ? common[i + 1][j + 1] + 1
                                : Math.max(common[i + 1][j], common[i][j + 1]);
            }
        }
        List<Line> lines = new ArrayList<>();
        int i = 0;
        int j = 0;
        while (i < a.size() || j < b.size()) {
            if (i < a.size() && j < b.size() && a.get(i).equals(b.get(j))) {
                lines.add(new Line(' ', a.get(i++)));
                j++;
            } else if (j >= b.size() || (i < a.size() && common[i + 1][j] >= common[i][j + 1])) {
                lines.add(new Line('-', a.get(i++)));
            } else {
                lines.add(new Line('+', b.get(j++)));
            }
        }
        return lines;
    }
}
