package dev.tidemill.cli.explain;

import dev.tidemill.client.control.ScalingDecision;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/// Decisions as lines. Pure.
public final class Explanation {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("MM-dd HH:mm:ss");

    private Explanation() {}

    /// @param decisions oldest first
    public static List<String> lines(
            String model, String target, List<ScalingDecision> decisions, ZoneId zone) {
        List<String> lines = new ArrayList<>();
        if (decisions.isEmpty()) {
            lines.add("%s: no decision is written down".formatted(model));
            return lines;
        }
        ScalingDecision last = decisions.getLast();
        lines.add(
                "%s: %d replicas%s, %d ready, policy %s: %s"
                        .formatted(
                                model,
                                last.replicas(),
                                model.equals(target) ? "" : " of " + target,
                                last.ready(),
                                last.policy(),
                                last.reason()));
        for (ScalingDecision decision : decisions) {
            lines.add("");
            lines.add(
                    "%s  %s  %s"
                            .formatted(
                                    TIME.format(decision.at().atZone(zone)),
                                    change(decision),
                                    decision.reason()));
            lines.add("    rule    " + decision.rule() + ", which wants " + decision.wanted());
            if (!decision.limits().isEmpty()) {
                lines.add("    limits  " + String.join(", ", decision.limits()));
            }
            lines.add("    saw     " + numbers(decision.signals()));
            if (!decision.figures().isEmpty()) {
                lines.add("    figures " + numbers(decision.figures()));
            }
        }
        return lines;
    }

    private static String change(ScalingDecision decision) {
        return decision.changes()
                ? "%d -> %d".formatted(decision.ordered(), decision.replicas())
                : "stays %d".formatted(decision.replicas());
    }

    private static String numbers(Map<String, Double> numbers) {
        return numbers.isEmpty()
                ? "nothing"
                : numbers.entrySet().stream()
                        .map(each -> each.getKey() + " " + number(each.getValue()))
                        .collect(Collectors.joining(", "));
    }

    private static String number(double value) {
        if (value == Math.rint(value) && Math.abs(value) < 1e9) {
            return String.valueOf((long) value);
        }
        return Math.abs(value) < 0.1
                ? String.format(Locale.ROOT, "%.4f", value)
                : String.format(Locale.ROOT, "%.2f", value);
    }
}
