package dev.tidemill.autoscale;

import dev.tidemill.client.control.ScalingDecision;
import dev.tidemill.scaling.Limit;
import dev.tidemill.scaling.Verdict;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/// Verdicts as they are written down.
final class Decided {
    private Decided() {}

    static ScalingDecision of(String target, Verdict verdict) {
        return new ScalingDecision(
                Instant.ofEpochMilli(verdict.seen().atMillis()),
                target,
                verdict.policy(),
                verdict.rule(),
                verdict.seen().ordered(),
                verdict.seen().ready(),
                verdict.wanted(),
                verdict.limits().stream().map(Limit::label).toList(),
                verdict.replicas(),
                verdict.reason(),
                finite(verdict.seen().present()),
                finite(verdict.account().figures()));
    }

    /// JSON has no other numbers.
    private static Map<String, Double> finite(Map<String, Double> numbers) {
        Map<String, Double> finite = new LinkedHashMap<>();
        numbers.forEach((name, number) -> {
            if (Double.isFinite(number)) {
                finite.put(name, number);
            }
        });
        return finite;
    }
}
