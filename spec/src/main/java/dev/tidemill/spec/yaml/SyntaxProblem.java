package dev.tidemill.spec.yaml;

import java.util.Optional;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;

/// Where and why a text is not YAML, for people who do not know the scanner's words.
///
/// @param line from 1
record SyntaxProblem(int line, String value, String expected) {
    /// @param newest line that was reached, for failures that do not say theirs
    static SyntaxProblem of(RuntimeException failure, int newest, SourceText source) {
        if (failure instanceof MarkedYamlEngineException marked) {
            Mark mark =
                    Optional.ofNullable(marked.getProblemMark())
                            .flatMap(found -> found)
                            .or(marked::getContextMark)
                            .orElse(null);
            int line = mark == null ? newest : mark.getLine() + 1;
            return new SyntaxProblem(line, source.line(line), "valid YAML; " + why(marked, line));
        }
        return new SyntaxProblem(newest, source.line(newest), "valid YAML 1.2");
    }

    void addTo(Findings findings) {
        findings.add(line, "YAML", value, expected);
    }

    private static String why(MarkedYamlEngineException failure, int line) {
        String problem = String.valueOf(failure.getProblem());
        if (problem.contains("TAB")) {
            return "a tab cannot indent, spaces do";
        }
        if (problem.startsWith("mapping values are not allowed")) {
            return "a second ':' in one line needs quotes around the value, or the line is indented"
                    + " too far";
        }
        int advice = problem.indexOf(" (Do not use");
        String what = advice < 0 ? problem : problem.substring(0, advice) + " Put it in quotes.";
        return what
                + failure.getContextMark()
                        .map(Mark::getLine)
                        .filter(begin -> begin + 1 != line && failure.getContext() != null)
                        .map(begin ->
                                ", %s from line %d".formatted(failure.getContext(), begin + 1))
                        .orElse("");
    }
}
