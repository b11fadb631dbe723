package dev.tidemill.cli.up;

import static java.util.Objects.requireNonNull;

import dev.tidemill.spec.Model;
import dev.tidemill.spec.scaling.Scaling;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// One set of replicas: a model with its own scaling, and the models that share its replicas.
///
/// @param models the owner first
record PoolSpec(String name, List<Model> models) {
    PoolSpec {
        models = List.copyOf(models);
    }

    Model owner() {
        return models.getFirst();
    }

    Scaling scaling() {
        return owner().scaling();
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
                .map(pool -> new PoolSpec(pool.getKey(), pool.getValue()))
                .toList();
    }
}
