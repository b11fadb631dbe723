package dev.tidemill.cli.up;

import static java.util.Objects.requireNonNull;

import dev.tidemill.scaling.ScalingRule;
import dev.tidemill.spec.Model;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// One set of replicas: a model with its own scaling, and the models that share its replicas.
///
/// @param models the owner first
record PoolSpec(String name, ScalingRule rule, List<Model> models) {
    /// How far back concurrency is averaged: two ticks, so that a breach is answered within 2 s.
    private static final Duration AVERAGE_OVER = Duration.ofSeconds(2);

    PoolSpec {
        models = List.copyOf(models);
    }

    Model owner() {
        return models.getFirst();
    }

    /// Groups models by whose replicas they run in.
    static List<PoolSpec> of(List<Model> models) {
        Map<String, Model> byName = new LinkedHashMap<>();
        models.forEach(model -> byName.put(model.name(), model));
        Map<String, List<Model>> pools = new LinkedHashMap<>();
        for (Model model : models) {
            if (model.sharesReplicasWith().isEmpty()) {
                pools.put(model.name(), new ArrayList<>(List.of(model)));
            }
        }
        for (Model model : models) {
            Model owner = model;
            while (owner.sharesReplicasWith().isPresent()) {
                owner = requireNonNull(byName.get(owner.sharesReplicasWith().get()));
            }
            if (model.sharesReplicasWith().isPresent()) {
                requireNonNull(pools.get(owner.name())).add(model);
            }
        }
        return pools.entrySet().stream()
                .map(pool ->
                        new PoolSpec(
                                pool.getKey(), rule(pool.getValue().getFirst()), pool.getValue()))
                .toList();
    }

    private static ScalingRule rule(Model owner) {
        return new ScalingRule(
                owner.scaling().min(),
                owner.scaling().max(),
                owner.scaling().targetConcurrency(),
                AVERAGE_OVER,
                owner.scaling().scaleUpWindow(),
                owner.scaling().scaleDownWindow());
    }
}
