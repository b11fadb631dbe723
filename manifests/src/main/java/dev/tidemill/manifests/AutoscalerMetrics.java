package dev.tidemill.manifests;

import dev.tidemill.spec.scaling.KubeMetric;
import dev.tidemill.spec.scaling.KubeMetric.Source;
import dev.tidemill.spec.scaling.KubeMetric.Target;
import dev.tidemill.spec.scaling.PolicyKind;
import dev.tidemill.spec.scaling.Scaling;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Map;

/// What a HorizontalPodAutoscaler of a model goes by.
public final class AutoscalerMetrics {
    /// Served by the operator, or by an adapter of custom metrics from what the servers count.
    private static final String IN_FLIGHT = "tidemill_server_in_flight";

    private AutoscalerMetrics() {}

    /// What it can say of the file's policy: all metrics of `hpa`; requests in flight for all else,
    /// at the target of `concurrency`.
    public static List<KubeMetric> asked(Scaling scaling) {
        return scaling.policy() == PolicyKind.HPA
                ? scaling.hpa().asked()
                : List.of(
                        new KubeMetric(
                                Source.PODS,
                                IN_FLIGHT,
                                Target.AVERAGE_VALUE,
                                scaling.concurrency().target()));
    }

    static Map<String, Object> tree(KubeMetric metric, String model) {
        return switch (metric.source()) {
            case RESOURCE ->
                    Tree.of(
                            "type",
                            "Resource",
                            "resource",
                            Tree.of("name", metric.name(), "target", target(metric)));
            case PODS ->
                    Tree.of(
                            "type",
                            "Pods",
                            "pods",
                            Tree.of(
                                    "metric",
                                    Tree.of("name", metric.name()),
                                    "target",
                                    target(metric)));
            case OBJECT ->
                    Tree.of(
                            "type",
                            "Object",
                            "object",
                            Tree.of(
                                    "metric",
                                    Tree.of("name", metric.name()),
                                    "describedObject",
                                    Tree.of(
                                            "apiVersion",
                                            "v1",
                                            "kind",
                                            // There without our custom resources, too.
                                            "Service",
                                            "name",
                                            Names.server(model)),
                                    "target",
                                    target(metric)));
            case EXTERNAL ->
                    Tree.of(
                            "type",
                            "External",
                            "external",
                            Tree.of(
                                    "metric",
                                    Tree.of(
                                            "name",
                                            metric.name(),
                                            "selector",
                                            Tree.of("matchLabels", Tree.of("model", model))),
                                    "target",
                                    target(metric)));
        };
    }

    private static Map<String, Object> target(KubeMetric metric) {
        return switch (metric.target()) {
            case UTILIZATION ->
                    Tree.of("type", "Utilization", "averageUtilization", (int) metric.value());
            case AVERAGE_VALUE ->
                    Tree.of("type", "AverageValue", "averageValue", quantity(metric.value()));
            case VALUE -> Tree.of("type", "Value", "value", quantity(metric.value()));
        };
    }

    /// Zero, or a thousandth at least: nothing can be held against zero that is not meant.
    static String quantity(double value) {
        BigDecimal number =
                BigDecimal.valueOf(value)
                        .setScale(3, RoundingMode.HALF_UP)
                        .max(BigDecimal.valueOf(value > 0 ? 1 : 0, 3));
        return number.stripTrailingZeros().scale() <= 0
                ? number.setScale(0, RoundingMode.UNNECESSARY).toPlainString()
                : number.movePointRight(3).toBigInteger() + "m";
    }
}
