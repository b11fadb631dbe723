package dev.tidemill.manifests;

import dev.tidemill.scaling.hpa.Behavior;
import dev.tidemill.scaling.hpa.Metric;
import dev.tidemill.spec.ModelPool;
import dev.tidemill.spec.cluster.ReplicaSetter;
import dev.tidemill.spec.scaling.PolicyKind;
import dev.tidemill.spec.scaling.Scaling;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// How many replicas of a pool there are, and how many may be taken away at a time.
final class ScalingObjects {
    /// As the server counts it; served to Kubernetes by an adapter of custom metrics.
    private static final String IN_FLIGHT = "tidemill_server_in_flight";

    /// Percent of the processor that an app asks for.
    private static final int BUSY_PERCENT = 80;

    private ScalingObjects() {}

    static List<KubeObject> of(Scope scope, ModelPool pool) {
        List<KubeObject> objects = new ArrayList<>();
        Scaling scaling = pool.owner().scaling();
        if (scope.environment().scaling() == ReplicaSetter.HPA) {
            objects.add(autoscaler(scope, scaling, metrics(scaling)));
        }
        objects.add(budget(scope));
        return objects;
    }

    /// By processor unless the file says processor or memory itself: what an app has in flight only
    /// its gateway knows.
    static KubeObject autoscalerOfApp(Scope scope, Scaling scaling) {
        List<Map<String, Object>> said = resources(scaling);
        return autoscaler(
                scope, scaling, said.isEmpty() ? List.of(utilization("cpu", BUSY_PERCENT)) : said);
    }

    /// Nodes are emptied one pod of ours at a time; a pod that is not ready holds nobody up.
    static KubeObject budget(Scope scope) {
        return scope.object(
                "policy/v1",
                "PodDisruptionBudget",
                "spec",
                Tree.of(
                        "maxUnavailable",
                        1,
                        "selector",
                        Tree.of("matchLabels", scope.selector()),
                        "unhealthyPodEvictionPolicy",
                        "AlwaysAllow"));
    }

    private static KubeObject autoscaler(
            Scope scope, Scaling scaling, List<Map<String, Object>> metrics) {
        return scope.object(
                "autoscaling/v2",
                "HorizontalPodAutoscaler",
                "spec",
                Tree.of(
                        "scaleTargetRef",
                        Tree.of(
                                "apiVersion",
                                "apps/v1",
                                "kind",
                                "Deployment",
                                "name",
                                scope.name()),
                        // Only the operator can wake what sleeps.
                        "minReplicas",
                        Math.max(1, scaling.min()),
                        "maxReplicas",
                        scaling.max(),
                        "metrics",
                        metrics,
                        "behavior",
                        behavior(scaling)));
    }

    /// What the autoscaler can say of the file's policy: processor and memory of `hpa`, requests in
    /// flight for all else, at the target of `concurrency`.
    private static List<Map<String, Object>> metrics(Scaling scaling) {
        List<Map<String, Object>> resources = resources(scaling);
        return resources.isEmpty() ? List.of(inFlight(scaling.concurrency().target())) : resources;
    }

    private static List<Map<String, Object>> resources(Scaling scaling) {
        return scaling.policy() == PolicyKind.HPA
                ? scaling.hpa().metrics().stream()
                        .flatMap(metric -> resource(metric).stream())
                        .toList()
                : List.of();
    }

    private static Optional<Map<String, Object>> resource(Metric metric) {
        return metric.kind() == Metric.Kind.UTILIZATION
                ? List.of("cpu", "memory").stream()
                        .filter(name -> metric.label().startsWith(name + " "))
                        .findFirst()
                        .map(name -> utilization(name, (int) metric.target()))
                : Optional.empty();
    }

    private static Map<String, Object> utilization(String resource, int percent) {
        return Tree.of(
                "type",
                "Resource",
                "resource",
                Tree.of(
                        "name",
                        resource,
                        "target",
                        Tree.of("type", "Utilization", "averageUtilization", percent)));
    }

    private static Map<String, Object> inFlight(double target) {
        return Tree.of(
                "type",
                "Pods",
                "pods",
                Tree.of(
                        "metric",
                        Tree.of("name", IN_FLIGHT),
                        "target",
                        Tree.of("type", "AverageValue", "averageValue", quantity(target))));
    }

    private static Optional<Object> behavior(Scaling scaling) {
        if (scaling.policy() == PolicyKind.HPA) {
            return scaling.hpa()
                    .behavior()
                    .<Object>map(given ->
                            Tree.of(
                                    "scaleUp",
                                    rules(given.up()),
                                    "scaleDown",
                                    rules(given.down())));
        }
        return Optional.of(
                Tree.of(
                        "scaleUp",
                        window(scaling.concurrency().scaleUpWindow().toSeconds()),
                        "scaleDown",
                        window(scaling.concurrency().scaleDownWindow().toSeconds())));
    }

    private static Map<String, Object> rules(Behavior.Rules rules) {
        String select =
                switch (rules.select()) {
                    case MAX -> "Max";
                    case MIN -> "Min";
                    case DISABLED -> "Disabled";
                };
        return Tree.of(
                "stabilizationWindowSeconds",
                rules.windowSeconds(),
                "selectPolicy",
                select,
                "policies",
                rules.rates().stream()
                        .map(rate ->
                                Tree.of(
                                        "type",
                                        rate.kind() == Behavior.Kind.PODS ? "Pods" : "Percent",
                                        "value",
                                        rate.value(),
                                        "periodSeconds",
                                        rate.periodSeconds()))
                        .toList());
    }

    private static String quantity(double value) {
        BigDecimal number = BigDecimal.valueOf(value).setScale(3, RoundingMode.HALF_UP);
        return number.stripTrailingZeros().scale() <= 0
                ? number.setScale(0, RoundingMode.UNNECESSARY).toPlainString()
                : number.movePointRight(3).toBigInteger() + "m";
    }

    private static Map<String, Object> window(long seconds) {
        return Tree.of("stabilizationWindowSeconds", seconds);
    }
}
