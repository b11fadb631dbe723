package dev.tidemill.rehearsal.report;

import dev.tidemill.rehearsal.study.Finding;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A frontier as a drawing of its own, for a page of somebody else's.
public final class FrontierPage {
    private static final int COLOURS = 8;
    private static final int WIDTH = 112;

    private FrontierPage() {}

    /// @param promised late share, which is marked
    public static String svg(List<Finding> findings, double promised) {
        Map<String, String> styles = new LinkedHashMap<>();
        for (Finding each : findings) {
            styles.computeIfAbsent(each.setting().family(), _ -> "s" + styles.size() % COLOURS);
        }
        StringBuilder legend = new StringBuilder();
        int x = TimePlot.LEFT;
        for (Map.Entry<String, String> style : styles.entrySet()) {
            legend.append(
                    "<circle class=\"dot %s\" cx=\"%d\" cy=\"392\" r=\"4\"/><text class=\"axis\" x=\"%d\" y=\"396\">%s</text>"
                            .formatted(style.getValue(), x, x + 8, Text.escape(style.getKey())));
            x += WIDTH;
        }
        String drawing = FrontierPlot.draw(findings, promised, styles);
        int open = drawing.indexOf('>') + 1;
        return "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 960 406\" font-family=\"sans-serif\"><style>"
                + Page.STYLE.replace("body{", "x{")
                + "</style><rect width=\"960\" height=\"406\" fill=\"var(--bg)\"/>"
                + drawing.substring(open, drawing.length() - "</svg>".length())
                + legend
                + "</svg>\n";
    }
}
