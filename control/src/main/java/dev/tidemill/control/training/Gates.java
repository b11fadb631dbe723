package dev.tidemill.control.training;

import dev.tidemill.spec.Gate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/// Whether what was measured is good enough. Pure.
final class Gates {
    private Gates() {}

    /// Names every gate that does not hold; empty when all do.
    static Optional<String> missed(List<Gate> gates, Map<String, Double> metrics) {
        List<String> failed = new ArrayList<>();
        for (Gate gate : gates) {
            Double value = metrics.get(gate.metric());
            if (value == null) {
                failed.add(
                        "gate %s: 'not measured' (expected: at least %s; measured: %s)"
                                .formatted(
                                        gate.metric(),
                                        gate.min(),
                                        metrics.isEmpty()
                                                ? "nothing"
                                                : String.join(
                                                        ", ", new TreeSet<>(metrics.keySet()))));
            } else if (!(value >= gate.min())) {
                failed.add(
                        String.format(
                                Locale.ROOT,
                                "gate %s: '%.4f' (expected: at least %s)",
                                gate.metric(),
                                value,
                                gate.min()));
            }
        }
        return failed.isEmpty()
                ? Optional.empty()
                : Optional.of("nothing was registered: " + String.join("; ", failed));
    }
}
