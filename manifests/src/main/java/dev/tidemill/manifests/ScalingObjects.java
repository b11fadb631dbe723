package dev.tidemill.manifests;

import dev.tidemill.scaling.hpa.Behavior;
import dev.tidemill.spec.ModelPool;
import dev.tidemill.spec.cluster.ReplicaSetter;
import dev.tidemill.spec.scaling.KubeMetric;
import dev.tidemill.spec.scaling.PolicyKind;
import dev.tidemill.spec.scaling.Scaling;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// How many replicas of a pool there are, and how many may be taken away at a time.
final class ScalingObjects {
    /// Percent of the processor that an app asks for.
    private static final int BUSY_PERCENT = 80;

    private ScalingObjects() {}

    static List<KubeObject> of(Scope scope, ModelPool pool) {
        List<KubeObject> objects = new ArrayList<>();
        if (scope.environment().scaling() == ReplicaSetter.HPA) {
            objects.add(
                    autoscaler(
                            scope,
                            pool.scaling(),
                            trees(AutoscalerMetrics.asked(pool.scaling()), pool.name())));
            objects.addAll(prewarm(scope, pool.scaling()));
        }
        if (scope.environment().scaling() == ReplicaSetter.KEDA) {
            objects.add(KedaObjects.scaledObject(scope, pool));
            objects.addAll(
                    PrewarmObjects.of(
                            scope,
                            PrewarmObjects.Autoscaler.keda(scope, pool.scaling()),
                            KedaObjects.withoutTrigger(pool.scaling()),
                            pool.scaling()));
        }
        objects.add(budget(scope));
        return objects;
    }

    static List<KubeObject> prewarm(Scope scope, Scaling scaling) {
        return PrewarmObjects.of(
                scope, PrewarmObjects.Autoscaler.hpa(scope, scaling), scaling.schedules(), scaling);
    }

    /// By processor unless the file says processor or memory itself: what an app has in flight only
    /// its gateway knows.
    static KubeObject autoscalerOfApp(Scope scope, Scaling scaling) {
        List<KubeMetric> said =
                scaling.policy() == PolicyKind.HPA
                        ? scaling.hpa().asked().stream()
                                .filter(metric -> metric.source() == KubeMetric.Source.RESOURCE)
                                .filter(metric -> metric.target() == KubeMetric.Target.UTILIZATION)
                                .toList()
                        : List.of();
        List<KubeMetric> busy =
                List.of(
                        new KubeMetric(
                                KubeMetric.Source.RESOURCE,
                                "cpu",
                                KubeMetric.Target.UTILIZATION,
                                BUSY_PERCENT));
        return autoscaler(scope, scaling, trees(said.isEmpty() ? busy : said, scope.name()));
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
                        // Only the operator can wake what sleeps; where there are schedules the
                        // CronJobs say it.
                        "minReplicas",
                        Optional.of(Math.max(1, scaling.min()))
                                .filter(_ -> scaling.schedules().isEmpty()),
                        "maxReplicas",
                        scaling.max(),
                        "metrics",
                        metrics,
                        "behavior",
                        behavior(scaling)));
    }

    private static List<Map<String, Object>> trees(List<KubeMetric> metrics, String model) {
        return metrics.stream().map(metric -> AutoscalerMetrics.tree(metric, model)).toList();
    }

    static Optional<Object> behavior(Scaling scaling) {
        if (scaling.policy() == PolicyKind.HPA) {
            return scaling.hpa().behavior().map(ScalingObjects::behavior);
        }
        return Optional.of(
                Tree.of(
                        "scaleUp",
                        window(scaling.concurrency().scaleUpWindow().toSeconds()),
                        "scaleDown",
                        window(scaling.concurrency().scaleDownWindow().toSeconds())));
    }

    static Object behavior(Behavior given) {
        return Tree.of("scaleUp", rules(given.up()), "scaleDown", rules(given.down()));
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

    private static Map<String, Object> window(long seconds) {
        return Tree.of("stabilizationWindowSeconds", seconds);
    }
}
