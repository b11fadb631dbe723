package dev.tidemill.spec;

import static java.util.Objects.requireNonNull;

import dev.tidemill.spec.scaling.Scaling;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// One set of replicas: a model with its own scaling, and those that share its replicas.
///
/// @param models the owner first
public record ModelPool(List<Model> models) {
    public ModelPool {
        models = List.copyOf(models);
    }

    public Model owner() {
        return models.getFirst();
    }

    public String name() {
        return owner().name();
    }

    public Scaling scaling() {
        return owner().scaling();
    }

    /// Groups models by whose replicas they run in, in the order of the file.
    public static List<ModelPool> of(List<Model> models) {
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
        return pools.values().stream().map(ModelPool::new).toList();
    }
}
