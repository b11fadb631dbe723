package dev.tidemill.cli.importing;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Whether two models agree: every number within the tolerance, every label, whole number and shape
/// equal.
///
/// @param lines what to print, one an output
/// @param problems why not; empty when they agree
record Verdict(List<String> lines, List<String> problems) {
    Verdict {
        lines = List.copyOf(lines);
        problems = List.copyOf(problems);
    }

    boolean agrees() {
        return problems.isEmpty();
    }

    /// @param tolerance largest |a - b| / max(1, |b|) that is taken
    static Verdict of(List<Difference> differences, double tolerance) {
        Map<String, List<Difference>> byOutput = new LinkedHashMap<>();
        for (Difference one : differences) {
            byOutput.computeIfAbsent(one.output(), _ -> new ArrayList<>()).add(one);
        }
        List<String> lines = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        byOutput.forEach((output, all) -> {
            lines.add(line(output, all));
            all.stream()
                    .filter(one -> !within(one, tolerance))
                    .findFirst()
                    .ifPresent(one -> problems.add(problem(one, tolerance)));
        });
        if (byOutput.isEmpty()) {
            problems.add("outputs: 'none compared' (expected: at least one)");
        }
        return new Verdict(lines, problems);
    }

    private static boolean within(Difference one, double tolerance) {
        // Written so that NaN is not within.
        return one.shapes().isEmpty() && one.mismatches() == 0 && one.worst() <= tolerance;
    }

    private static String line(String output, List<Difference> all) {
        double absolute = all.stream().mapToDouble(Difference::maxAbs).max().orElse(0);
        double relative = all.stream().mapToDouble(Difference::maxRel).max().orElse(0);
        long elements = all.stream().mapToLong(Difference::elements).sum();
        long mismatches = all.stream().mapToLong(Difference::mismatches).sum();
        String batches =
                String.join(
                        ", ",
                        all.stream().map(one -> String.valueOf(one.batch())).distinct().toList());
        return String.format(
                Locale.ROOT,
                "%s: %d values in batches of %s, largest difference %.2g absolute, %.2g relative, %d unequal",
                output,
                elements,
                batches,
                absolute,
                relative,
                mismatches);
    }

    private static String problem(Difference one, double tolerance) {
        if (!one.shapes().isEmpty()) {
            return "output %s: 'shapes %s' (expected: the same, original and ONNX)"
                    .formatted(one.output(), one.shapes());
        }
        if (one.mismatches() > 0) {
            return "output %s: '%d of %d values unequal in a batch of %d' (expected: all equal)"
                    .formatted(one.output(), one.mismatches(), one.elements(), one.batch());
        }
        return String.format(
                Locale.ROOT,
                "output %s: 'differs by %.3g in a batch of %d' (expected: at most %.3g; see --tolerance)",
                one.output(),
                one.worst(),
                one.batch(),
                tolerance);
    }
}
