package dev.tidemill.manifests;

import dev.tidemill.scaling.guard.CronSchedule;
import dev.tidemill.scaling.keda.Fallback;
import dev.tidemill.scaling.keda.Modifiers;
import dev.tidemill.spec.ModelPool;
import dev.tidemill.spec.scaling.KedaForm;
import dev.tidemill.spec.scaling.PolicyKind;
import dev.tidemill.spec.scaling.Scaling;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A model's ScaledObject, for clusters with KEDA: the file's own triggers where it describes any,
/// and requests in flight, which the operator tells KEDA of, where it does not.
final class KedaObjects {
    private static final String ADDRESS =
            "%s.%s.svc:%d"
                    .formatted(
                            OperatorApis.NAME, OperatorObjects.NAMESPACE, OperatorApis.KEDA_PORT);

    private KedaObjects() {}

    static KubeObject scaledObject(Scope scope, ModelPool pool) {
        Scaling scaling = pool.scaling();
        boolean described = scaling.policy() == PolicyKind.KEDA;
        Scaling.Keda keda = scaling.keda();
        return scope.object(
                "keda.sh/v1alpha1",
                "ScaledObject",
                "spec",
                Tree.of(
                        "scaleTargetRef",
                        Tree.of("name", scope.name()),
                        "minReplicaCount",
                        Optional.of(scaling.min()).filter(_ -> withoutTrigger(scaling).isEmpty()),
                        "maxReplicaCount",
                        scaling.max(),
                        "pollingInterval",
                        described ? Optional.of(keda.pollingInterval().toSeconds()) : none(),
                        "cooldownPeriod",
                        described ? keda.cooldownPeriod().toSeconds() : scaling.idle().toSeconds(),
                        "initialCooldownPeriod",
                        described ? Optional.of(keda.initialCooldownPeriod().toSeconds()) : none(),
                        "fallback",
                        described ? keda.fallback().map(KedaObjects::fallback) : none(),
                        "advanced",
                        Tree.some(advanced(scaling, described)),
                        "triggers",
                        Tree.joined(
                                triggers(pool, described ? keda.forms() : List.of()),
                                scaling.schedules().stream()
                                        .filter(schedule -> isTrigger(scaling, schedule))
                                        .map(schedule -> cron(scaling, schedule))
                                        .toList())));
    }

    /// Schedules that KEDA does not know by a trigger of its own.
    static List<CronSchedule> withoutTrigger(Scaling scaling) {
        return scaling.schedules().stream()
                .filter(schedule -> !isTrigger(scaling, schedule))
                .toList();
    }

    /// Of a formula only the triggers count that are named in it.
    private static boolean isTrigger(Scaling scaling, CronSchedule schedule) {
        CronSchedule early = schedule.warming(scaling.replica().startUp());
        boolean formula =
                scaling.policy() == PolicyKind.KEDA && scaling.keda().modifiers().isPresent();
        return !formula
                && early.begins().isPresent()
                && early.ends().isPresent()
                && !early.begins().equals(early.ends());
    }

    private static Map<String, Object> cron(Scaling scaling, CronSchedule schedule) {
        CronSchedule early = schedule.warming(scaling.replica().startUp());
        return Tree.of(
                "type",
                "cron",
                "name",
                schedule.name(),
                "metadata",
                Tree.of(
                        "timezone",
                        schedule.zone().getId(),
                        "start",
                        early.begins().orElseThrow(),
                        "end",
                        early.ends().orElseThrow(),
                        "desiredReplicas",
                        String.valueOf(schedule.atLeast())));
    }

    private static Optional<Object> none() {
        return Optional.empty();
    }

    private static List<Map<String, Object>> triggers(ModelPool pool, List<KedaForm> forms) {
        if (forms.isEmpty()) {
            return List.of(
                    trigger(
                            pool,
                            KedaForm.ours(
                                    "concurrency",
                                    "concurrency",
                                    AutoscalerMetrics.quantity(
                                            pool.scaling().concurrency().target()),
                                    "0",
                                    true)));
        }
        List<Map<String, Object>> triggers = new ArrayList<>();
        forms.forEach(form -> triggers.add(trigger(pool, form)));
        return triggers;
    }

    private static Map<String, Object> trigger(ModelPool pool, KedaForm form) {
        Map<String, Object> metadata = new LinkedHashMap<>();
        if (form.isOurs()) {
            metadata.put("scalerAddress", ADDRESS);
            metadata.put("model", pool.name());
        }
        metadata.putAll(form.metadata());
        return Tree.of(
                "type",
                form.type(),
                "name",
                form.name(),
                "metricType",
                form.metricType(),
                "metadata",
                metadata,
                "authenticationRef",
                form.authentication().map(name -> Tree.of("name", name)));
    }

    private static Map<String, Object> fallback(Fallback fallback) {
        return Tree.of(
                "failureThreshold",
                fallback.failureThreshold(),
                "replicas",
                fallback.replicas(),
                "behavior",
                switch (fallback.behavior()) {
                    case STATIC -> "static";
                    case CURRENT_REPLICAS -> "currentReplicas";
                    case CURRENT_REPLICAS_IF_HIGHER -> "currentReplicasIfHigher";
                    case CURRENT_REPLICAS_IF_LOWER -> "currentReplicasIfLower";
                });
    }

    private static Map<String, Object> advanced(Scaling scaling, boolean described) {
        Optional<Object> behavior =
                described
                        ? scaling.keda().behavior().map(ScalingObjects::behavior)
                        : ScalingObjects.behavior(scaling);
        return Tree.of(
                "horizontalPodAutoscalerConfig",
                behavior.map(given -> Tree.of("behavior", given)),
                "scalingModifiers",
                described ? scaling.keda().modifiers().map(KedaObjects::modifiers) : none());
    }

    private static Map<String, Object> modifiers(Modifiers modifiers) {
        return Tree.of(
                "formula",
                modifiers.formula().toString(),
                "target",
                AutoscalerMetrics.quantity(modifiers.target()),
                "activationTarget",
                AutoscalerMetrics.quantity(modifiers.activationTarget()),
                "metricType",
                modifiers.perReplica() ? "AverageValue" : "Value");
    }
}
