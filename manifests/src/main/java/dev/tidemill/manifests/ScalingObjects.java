package dev.tidemill.manifests;

import dev.tidemill.spec.Scaling;
import dev.tidemill.spec.cluster.ReplicaSetter;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// How many replicas of a pool there are, and how many may be taken away at a time.
final class ScalingObjects {
    /// As the server counts it; served to Kubernetes by an adapter of custom metrics.
    private static final String IN_FLIGHT = "tidemill_server_in_flight";

    private ScalingObjects() {}

    static List<KubeObject> of(Scope scope, ModelPool pool) {
        List<KubeObject> objects = new ArrayList<>();
        Scaling scaling = pool.owner().scaling();
        if (scope.environment().scaling() == ReplicaSetter.HPA) {
            objects.add(autoscaler(scope, scaling));
        }
        objects.add(budget(scope));
        return objects;
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

    private static KubeObject autoscaler(Scope scope, Scaling scaling) {
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
                        "minReplicas",
                        scaling.min(),
                        "maxReplicas",
                        scaling.max(),
                        "metrics",
                        List.of(inFlight(scaling.targetConcurrency())),
                        "behavior",
                        Tree.of(
                                "scaleUp",
                                window(scaling.scaleUpWindow().toSeconds()),
                                "scaleDown",
                                window(scaling.scaleDownWindow().toSeconds()))));
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
