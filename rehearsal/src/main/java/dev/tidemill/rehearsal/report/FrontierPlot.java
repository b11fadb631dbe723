package dev.tidemill.rehearsal.report;

import dev.tidemill.rehearsal.study.Finding;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Cost against lateness, a line for each policy: down and left is better.
final class FrontierPlot {
    private static final int HEIGHT = 380;
    private static final double LEAST = 1e-5;

    private FrontierPlot() {}

    static String draw(List<Finding> findings, double promised, Map<String, String> styles) {
        double most =
                findings.stream().mapToDouble(Finding::cost).filter(c -> c < 4).max().orElse(2);
        Axis y =
                new Axis(
                        Math.min(0.8, findings.stream().mapToDouble(Finding::cost).min().orElse(1)),
                        Math.max(1.3, most * 1.03),
                        HEIGHT - 40.0,
                        14,
                        false);
        Axis x = new Axis(LEAST, 1, TimePlot.LEFT, TimePlot.RIGHT, true);
        StringBuilder out = new StringBuilder();
        out.append(
                "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"cost against late share\">"
                        .formatted(TimePlot.WIDTH, HEIGHT));
        axes(out, x, y);
        out.append(
                "<line class=\"promise\" x1=\"%s\" x2=\"%s\" y1=\"14\" y2=\"%d\"/><text class=\"axis\" x=\"%s\" y=\"24\">promised</text>"
                        .formatted(
                                Text.at(x.at(promised)),
                                Text.at(x.at(promised)),
                                HEIGHT - 40,
                                Text.at(x.at(promised) + 4)));
        families(findings)
                .forEach(
                        (family, line) -> line(out, line, x, y, styles.getOrDefault(family, "s7")));
        return out.append("</svg>").toString();
    }

    static Map<String, List<Finding>> families(List<Finding> findings) {
        Map<String, List<Finding>> families = new LinkedHashMap<>();
        for (Finding each : findings) {
            families.computeIfAbsent(each.setting().family(), _ -> new ArrayList<>()).add(each);
        }
        return families;
    }

    private static void axes(StringBuilder out, Axis x, Axis y) {
        for (double tick : y.ticks()) {
            out.append(
                    "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%s\" y2=\"%s\"/><text class=\"axis\" x=\"%d\" y=\"%s\" text-anchor=\"end\">%s×</text>"
                            .formatted(
                                    TimePlot.LEFT,
                                    TimePlot.RIGHT,
                                    Text.at(y.at(tick)),
                                    Text.at(y.at(tick)),
                                    TimePlot.LEFT - 6,
                                    Text.at(y.at(tick) + 4),
                                    Text.tick(tick)));
        }
        for (double tick : x.ticks()) {
            out.append(
                    "<line class=\"grid\" x1=\"%s\" x2=\"%s\" y1=\"14\" y2=\"%d\"/><text class=\"axis\" x=\"%s\" y=\"%d\" text-anchor=\"%s\">%s</text>"
                            .formatted(
                                    Text.at(x.at(tick)),
                                    Text.at(x.at(tick)),
                                    HEIGHT - 40,
                                    Text.at(x.at(tick)),
                                    HEIGHT - 24,
                                    tick >= 0.99 ? "end" : "middle",
                                    tick <= LEAST ? "≤ 0.001 %" : small(tick)));
        }
        out.append(
                "<text class=\"axis\" x=\"%d\" y=\"%d\" text-anchor=\"end\">late requests →</text><text class=\"axis\" x=\"%d\" y=\"10\">cost, times the oracle's</text>"
                        .formatted(TimePlot.RIGHT, HEIGHT - 6, TimePlot.LEFT));
    }

    private static String small(double share) {
        double percent = share * 100;
        return (percent >= 1
                        ? String.valueOf(Math.round(percent))
                        : String.valueOf(Math.round(percent * 1000) / 1000.0))
                + " %";
    }

    private static void line(StringBuilder out, List<Finding> line, Axis x, Axis y, String style) {
        List<Finding> sorted =
                line.stream().sorted(Comparator.comparingDouble(Finding::late)).toList();
        StringBuilder path = new StringBuilder("M");
        for (Finding each : sorted) {
            path.append(' ').append(Text.at(x.at(each.late()))).append(',');
            path.append(Text.at(y.at(each.cost())));
        }
        if (sorted.size() > 1) {
            out.append("<path class=\"line %s\" d=\"%s\"/>".formatted(style, path));
        }
        for (Finding each : sorted) {
            out.append(
                    "<circle class=\"dot %s\" cx=\"%s\" cy=\"%s\" r=\"4\"><title>%s: %s late, %s times the oracle's cost</title></circle>"
                            .formatted(
                                    style,
                                    Text.at(x.at(each.late())),
                                    Text.at(y.at(each.cost())),
                                    Text.escape(each.name()),
                                    Text.percent(each.late()),
                                    Text.number(each.cost())));
        }
    }
}
