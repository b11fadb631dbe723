package dev.tidemill.operator.plan;

import dev.tidemill.manifests.KubeObject;
import dev.tidemill.manifests.SplitObjects;
import dev.tidemill.operator.canary.CanaryEntry;
import dev.tidemill.spec.App;
import dev.tidemill.spec.Environment;
import dev.tidemill.spec.ModelPool;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a namespace is to hold.
///
/// @param objects in the order in which they can be applied, by whose they are
/// @param problems of resources that cannot be made as they are written; what was made of them
///   before is left as it is
/// @param held resources that are well themselves and wait for others, each with the reason; they
///   are left as they are too
public record Plan(
        Map<Owner, List<KubeObject>> objects,
        Map<Owner, List<String>> problems,
        Map<Owner, String> held,
        List<ModelPool> pools,
        List<App> apps,
        Optional<Environment> environment) {
    /// Whether our processes do, to one another.
    public boolean speaksTls() {
        return environment.flatMap(one -> one.network().mtls()).isPresent();
    }

    public Plan {
        objects = Map.copyOf(objects);
        problems = Map.copyOf(problems);
        held = Map.copyOf(held);
        pools = List.copyOf(pools);
        apps = List.copyOf(apps);
    }

    /// The same, with a mesh dividing requests as gateways say that they do.
    public Plan following(Map<Owner, List<CanaryEntry>> entries) {
        if (entries.isEmpty()) {
            return this;
        }
        Map<Owner, List<KubeObject>> divided = new HashMap<>(objects);
        entries.forEach((owner, rollouts) ->
                divided.computeIfPresent(
                        owner, (_, made) -> made.stream().map(one -> as(rollouts, one)).toList()));
        return new Plan(divided, problems, held, pools, apps, environment);
    }

    private static KubeObject as(List<CanaryEntry> rollouts, KubeObject object) {
        return object.label(SplitObjects.ROUTE)
                .flatMap(route ->
                        rollouts.stream().filter(one -> one.route().equals(route)).findFirst())
                .map(rollout -> SplitObjects.weighted(object, rollout.percent()))
                .orElse(object);
    }

    /// Whether nothing of it may be changed or removed now.
    public boolean isLeft(Owner owner) {
        return problems.containsKey(owner) || held.containsKey(owner);
    }
}
