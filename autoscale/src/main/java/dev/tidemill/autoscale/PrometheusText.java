package dev.tidemill.autoscale;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a process says at `/metrics`: the text format of Prometheus. Lines that it does not
/// understand are left out. Pure.
public final class PrometheusText {
    private static final Pattern LABEL =
            Pattern.compile("([A-Za-z_][A-Za-z0-9_]*)=\"((?:[^\"\\\\]|\\\\.)*)\"");

    private PrometheusText() {}

    /// Told of each sample.
    public interface Samples {
        void sample(String name, Map<String, String> labels, double value);
    }

    /// @param wanted the beginning of the names to read; the rest costs nothing
    public static void read(String text, String wanted, Samples samples) {
        int at = 0;
        while (at < text.length()) {
            int end = text.indexOf('\n', at);
            end = end < 0 ? text.length() : end;
            if (text.startsWith(wanted, at)) {
                line(text.substring(at, end).strip(), samples);
            }
            at = end + 1;
        }
    }

    /// The sum of a metric over all its series; empty when it has none.
    public static OptionalDouble sum(String text, String name) {
        double[] sum = {0};
        int[] found = {0};
        read(
                text,
                name,
                (each, _, value) -> {
                    if (each.equals(name) && Double.isFinite(value)) {
                        sum[0] += value;
                        found[0]++;
                    }
                });
        return found[0] > 0 ? OptionalDouble.of(sum[0]) : OptionalDouble.empty();
    }

    private static void line(String line, Samples samples) {
        int brace = line.indexOf('{');
        int close = brace < 0 ? -1 : line.lastIndexOf('}');
        int nameEnd = brace < 0 ? line.indexOf(' ') : brace;
        if (nameEnd <= 0 || (brace >= 0 && close < brace)) {
            return;
        }
        String rest = line.substring(close < 0 ? nameEnd : close + 1).strip();
        int space = rest.indexOf(' ');
        try {
            double value = number(space < 0 ? rest : rest.substring(0, space));
            samples.sample(
                    line.substring(0, nameEnd),
                    brace < 0 ? Map.of() : labels(line.substring(brace + 1, close)),
                    value);
        } catch (NumberFormatException _) {
            // Not a sample.
        }
    }

    private static double number(String text) {
        return switch (text) {
            case "+Inf" -> Double.POSITIVE_INFINITY;
            case "-Inf" -> Double.NEGATIVE_INFINITY;
            default -> Double.parseDouble(text);
        };
    }

    private static Map<String, String> labels(String text) {
        Map<String, String> labels = new HashMap<>();
        Matcher label = LABEL.matcher(text);
        while (label.find()) {
            labels.put(
                    label.group(1),
                    label.group(2)
                            .replace("\\\"", "\"")
                            .replace("\\n", "\n")
                            .replace("\\\\", "\\"));
        }
        return labels;
    }
}
