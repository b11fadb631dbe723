package dev.tidemill.spec.scaling;

import java.util.Map;
import java.util.stream.Collectors;

/// Queries that a file need not write out.
final class PromQl {
    private PromQl() {}

    static String sum(String metric, Map<String, String> labels) {
        String selector =
                labels.entrySet().stream()
                        .map(label -> label.getKey() + "=\"" + quoted(label.getValue()) + "\"")
                        .collect(Collectors.joining(","));
        return "sum(" + metric + (selector.isEmpty() ? "" : "{" + selector + "}") + ")";
    }

    private static String quoted(String text) {
        return text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }
}
