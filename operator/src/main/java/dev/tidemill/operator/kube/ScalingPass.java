package dev.tidemill.operator.kube;

import dev.tidemill.manifests.GatewayObjects;
import dev.tidemill.manifests.MutualTlsObjects;
import dev.tidemill.manifests.Names;
import dev.tidemill.operator.plan.Plan;
import dev.tidemill.operator.scale.LivePool;
import dev.tidemill.operator.scale.LiveScaling;
import dev.tidemill.operator.scale.PoolReading;
import dev.tidemill.operator.scale.Replicated;
import dev.tidemill.scaling.fleet.ReplicaKind;
import dev.tidemill.spec.App;
import dev.tidemill.spec.Environment;
import dev.tidemill.spec.ModelPool;
import dev.tidemill.spec.cluster.ReplicaSetter;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// Shows the live loop what there is to scale: the pools and apps of a namespace that leaves its
/// numbers to us, but for those that somebody else's autoscaler scales already.
///
/// @param answers whether others that scale may ask us what we measure
record ScalingPass(Seen seen, LiveScaling scaling, boolean answers) {
    private static final int SERVER = 8080;

    /// Who scales by what we measure.
    private static final Set<ReplicaSetter> ASKING = Set.of(ReplicaSetter.HPA, ReplicaSetter.KEDA);

    /// @return other people's autoscalers by the Deployment that they scale
    Map<String, String> run(String namespace, boolean terminating, Plan plan) {
        ReplicaSetter by = plan.environment().map(Environment::scaling).orElse(ReplicaSetter.HPA);
        Map<String, String> rivals = rivals();
        boolean ours = !terminating && by == ReplicaSetter.TIDEMILL;
        boolean asked = !terminating && answers && ASKING.contains(by);
        scaling.see(
                namespace,
                ours
                        ? Stream.concat(
                                        pools(plan.pools(), rivals, plan.speaksTls()).stream(),
                                        apps(plan.apps(), rivals).stream())
                                .toList()
                        : List.of(),
                asked ? measured(plan.pools(), plan.speaksTls()) : List.of(),
                by,
                ReadyPods.addresses(
                        new ReadyPods(seen).of("gateway", Optional.empty()),
                        plan.speaksTls() ? "https" : "http",
                        GatewayObjects.ADMIN));
        return rivals;
    }

    private List<LivePool> measured(List<ModelPool> planned, boolean tls) {
        return planned.stream()
                .flatMap(pool ->
                        deployment(Names.server(pool.name())).stream()
                                .map(one -> live(pool, "", one, tls)))
                .toList();
    }

    List<LivePool> pools(List<ModelPool> planned, Map<String, String> rivals) {
        return pools(planned, rivals, false);
    }

    /// All kinds of a pool or none: a fleet with a part missing would be made up of the others.
    ///
    /// @param tls whether its pods speak it, and show their metrics on another port
    private List<LivePool> pools(List<ModelPool> planned, Map<String, String> rivals, boolean tls) {
        List<LivePool> pools = new ArrayList<>();
        for (ModelPool pool : planned) {
            List<LivePool> kinds = kinds(pool, rivals, tls);
            if (kinds.size() == Math.max(1, pool.scaling().kinds().size())) {
                pools.addAll(kinds);
            }
        }
        return pools;
    }

    List<LivePool> apps(List<App> planned, Map<String, String> rivals) {
        List<LivePool> pools = new ArrayList<>();
        for (App app : planned) {
            String name = Names.app(app.name());
            if (!rivals.containsKey(name)) {
                deployment(name)
                        .map(one ->
                                live(
                                        new Replicated.OfApp(app),
                                        "",
                                        one,
                                        new ReadyPods(seen).of("app", Optional.of(name)),
                                        List.of()))
                        .ifPresent(pools::add);
            }
        }
        return pools;
    }

    private List<LivePool> kinds(ModelPool pool, Map<String, String> rivals, boolean tls) {
        List<String> kinds =
                pool.scaling().kinds().isEmpty()
                        ? List.of("")
                        : pool.scaling().kinds().stream().map(ReplicaKind::name).toList();
        List<LivePool> live = new ArrayList<>();
        for (String kind : kinds) {
            String name = Names.server(pool.name(), kind);
            if (!rivals.containsKey(name)) {
                deployment(name).map(one -> live(pool, kind, one, tls)).ifPresent(live::add);
            }
        }
        return live;
    }

    /// But for those that KEDA makes of our own ScaledObjects.
    Map<String, String> rivals() {
        Map<String, String> rivals = new HashMap<>();
        for (GenericKubernetesResource item : seen.list(Kinds.SCALER)) {
            Map<String, Object> tree = item.getAdditionalProperties();
            if (!Trees.isOurs(item)
                    && !isOfOurScaledObject(item)
                    && Look.text(tree, "spec", "scaleTargetRef", "kind").equals("Deployment")) {
                rivals.put(
                        Look.text(tree, "spec", "scaleTargetRef", "name"),
                        "horizontalpodautoscaler/" + item.getMetadata().getName());
            }
        }
        return rivals;
    }

    private boolean isOfOurScaledObject(GenericKubernetesResource scaler) {
        return Optional.ofNullable(scaler.getMetadata().getOwnerReferences())
                .orElse(List.of())
                .stream()
                .filter(owner -> owner.getKind().equals("ScaledObject"))
                .anyMatch(owner ->
                        seen.list(Kinds.SCALED_OBJECT).stream()
                                .filter(Trees::isOurs)
                                .anyMatch(one ->
                                        one.getMetadata().getName().equals(owner.getName())));
    }

    private Optional<GenericKubernetesResource> deployment(String name) {
        return seen.list(Kinds.DEPLOYMENT).stream()
                .filter(item -> item.getMetadata().getName().equals(name))
                .findFirst();
    }

    private LivePool live(
            ModelPool pool, String kind, GenericKubernetesResource deployment, boolean tls) {
        List<GenericKubernetesResource> ready =
                new ReadyPods(seen)
                        .of("server", Optional.of(Names.server(pool.name()))).stream()
                                .filter(pod -> kind.equals(kindOf(pod)))
                                .toList();
        return live(
                new Replicated.OfModels(pool),
                kind,
                deployment,
                ready,
                ReadyPods.addresses(ready, "http", tls ? MutualTlsObjects.HEALTH : SERVER));
    }

    private static LivePool live(
            Replicated of,
            String kind,
            GenericKubernetesResource deployment,
            List<GenericKubernetesResource> ready,
            List<URI> servers) {
        Map<String, Object> tree = deployment.getAdditionalProperties();
        return new LivePool(
                of,
                kind,
                deployment.getMetadata().getName(),
                Look.number(tree, 1, "spec", "replicas"),
                Look.number(tree, 0, "status", "readyReplicas"),
                startSeconds(ready),
                servers,
                ready.stream()
                        .map(pod ->
                                new PoolReading.Pod(
                                        pod.getMetadata().getName(),
                                        Optional.ofNullable(pod.getMetadata().getLabels())
                                                .orElse(Map.of())))
                        .toList());
    }

    /// Empty where there is one kind.
    private static String kindOf(GenericKubernetesResource pod) {
        return Optional.ofNullable(pod.getMetadata().getLabels())
                .map(labels -> labels.get("tidemill.dev/kind"))
                .orElse("");
    }

    /// Of the pod that was made last.
    private static double startSeconds(List<GenericKubernetesResource> ready) {
        return ready.stream()
                .max(Comparator.comparing(pod -> pod.getMetadata().getCreationTimestamp()))
                .map(pod -> {
                    String made = pod.getMetadata().getCreationTimestamp();
                    String began =
                            Look.condition(pod.getAdditionalProperties(), "Ready")
                                    .map(one -> Look.text(one, "lastTransitionTime"))
                                    .orElse("");
                    return made == null || began.isEmpty()
                            ? Double.NaN
                            : Duration.between(Instant.parse(made), Instant.parse(began)).toMillis()
                                    / 1e3;
                })
                .orElse(Double.NaN);
    }
}
