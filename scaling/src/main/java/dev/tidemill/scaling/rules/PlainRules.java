package dev.tidemill.scaling.rules;

import dev.tidemill.scaling.Bounds;
import dev.tidemill.scaling.Policy;
import dev.tidemill.scaling.Signal;
import dev.tidemill.scaling.hpa.Behavior;
import dev.tidemill.scaling.hpa.Behavior.Kind;
import dev.tidemill.scaling.hpa.Behavior.Rate;
import dev.tidemill.scaling.hpa.Behavior.Rules;
import dev.tidemill.scaling.hpa.Behavior.Select;
import dev.tidemill.scaling.hpa.HpaPolicy;
import dev.tidemill.scaling.hpa.Metric;
import java.util.List;

/// The usual rules, by name, each with the bounds that come with the target.
public final class PlainRules {
    private PlainRules() {}

    /// Up at once, by 100 % or 4 pods in 60 s, whichever is more; down by 20 % in 60 s, to the most
    /// that the last 300 s called for.
    public static Behavior behavior() {
        return new Behavior(
                new Rules(
                        0,
                        Select.MAX,
                        List.of(new Rate(Kind.PERCENT, 100, 60), new Rate(Kind.PODS, 4, 60)),
                        null),
                new Rules(300, Select.MAX, List.of(new Rate(Kind.PERCENT, 20, 60)), null));
    }

    public static Policy cpu(Bounds bounds, int percent) {
        return hpa("cpu-" + percent, bounds, Metric.utilization(Signal.CPU, percent));
    }

    public static Policy memory(Bounds bounds, int percent) {
        return hpa("memory-" + percent, bounds, Metric.utilization(Signal.MEMORY, percent));
    }

    /// A latency read from every pod, held at so many milliseconds.
    public static Policy p99(Bounds bounds, int millis) {
        return hpa(
                "p99-%dms".formatted(millis),
                bounds,
                Metric.onEveryPod(Signal.P99, "s", millis / 1000.0));
    }

    /// One latency of the whole service, such as a language model's.
    public static Policy llmP99(Bounds bounds, double seconds) {
        return hpa(
                "llm-p99-%ss".formatted(seconds), bounds, Metric.value(Signal.P99, "s", seconds));
    }

    public static Policy queueDepth(Bounds bounds, int each) {
        return hpa("queue-" + each, bounds, Metric.shared(Signal.QUEUE_DEPTH, each));
    }

    public static Policy lag(Bounds bounds, int each) {
        return hpa("lag-" + each, bounds, Metric.shared(Signal.LAG, each));
    }

    public static Policy waiting(Bounds bounds, int each) {
        return hpa("waiting-" + each, bounds, Metric.perPod(Signal.WAITING, each));
    }

    /// CPU 70 %, memory 80 % and 50 requests waiting a pod together, with [#behavior()].
    public static Policy service(Bounds bounds) {
        return HpaPolicy.of(
                "service",
                bounds.min(),
                bounds.max(),
                behavior(),
                Metric.utilization(Signal.CPU, 70),
                Metric.utilization(Signal.MEMORY, 80),
                Metric.perPod(Signal.WAITING, 50));
    }

    /// The GPU above 80 % doubles.
    public static Policy gpuDoubles(Bounds bounds) {
        return new StepPolicy("gpu-doubles", bounds, Signal.GPU, 0.8, 2, Double.NaN, bounds.min());
    }

    /// The CPU below 30 % shrinks, to no less than 2.
    public static Policy cpuShrinks(Bounds bounds) {
        return new StepPolicy("cpu-shrinks", bounds, Signal.CPU, Double.NaN, 1, 0.3, 2);
    }

    private static Policy hpa(String name, Bounds bounds, Metric metric) {
        return HpaPolicy.of(name, bounds.min(), bounds.max(), null, metric);
    }

    /// All of the above, as they are usually quoted.
    public static List<Policy> all(Bounds bounds) {
        return List.of(
                cpu(bounds, 70),
                memory(bounds, 80),
                p99(bounds, 500),
                llmP99(bounds, 5),
                queueDepth(bounds, 100),
                lag(bounds, 50),
                waiting(bounds, 50),
                service(bounds),
                gpuDoubles(bounds),
                cpuShrinks(bounds));
    }
}
