package dev.tidemill.spec.yaml;

import dev.tidemill.common.Problem;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// The problems of one file. Keeps the first [#LIMIT] and counts the rest, so that a hostile file
/// cannot make an endless report. Not thread-safe.
public final class Findings {
    static final int LIMIT = 500;

    private static final int MAX_VALUE = 200;
    private static final int MAX_PATH = 200;
    private static final int MAX_EXPECTED = 1000;

    /// Characters that could rewrite a terminal line or reorder its text.
    private static final String UNPRINTABLE = "[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}]";

    private final String file;
    private final List<Finding> found = new ArrayList<>();
    private int count;

    public Findings(String file) {
        this.file = file;
    }

    public String file() {
        return file;
    }

    /// @param line from 1
    public void add(int line, String path, String value, String expected) {
        count++;
        if (count <= LIMIT) {
            Problem problem =
                    new Problem(
                            file + ":" + line,
                            printable(path, MAX_PATH),
                            printable(value, MAX_VALUE),
                            printable(expected, MAX_EXPECTED));
            found.add(new Finding(line, problem));
        }
    }

    /// How many were found, kept or not.
    public int count() {
        return count;
    }

    /// Whether what is added from now on is only counted: no need to make its text costly.
    public boolean isFull() {
        return count >= LIMIT;
    }

    /// In line order; those of one line in the order in which they were found.
    public List<Problem> inLineOrder() {
        List<Problem> problems = new ArrayList<>();
        found.stream()
                .sorted(Comparator.comparingInt(Finding::line))
                .forEach(finding -> problems.add(finding.problem()));
        if (count > LIMIT) {
            problems.add(
                    new Problem(
                            problems.getLast().place(),
                            "file",
                            "%d more problems".formatted(count - LIMIT),
                            "the problems above repaired first"));
        }
        return problems;
    }

    private static String printable(String text, int limit) {
        String cut = text.length() <= limit ? text : text.substring(0, limit) + "...";
        return cut.replaceAll(UNPRINTABLE, "?");
    }

    private record Finding(int line, Problem problem) {}
}
