package dev.tidemill.server.engine;

import dev.tidemill.common.TidemillException;
import dev.tidemill.server.modelconfig.Ensemble;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The models of one request to an ensemble, held from its begin to its end. Two steps with one
/// model get the same version of it.
final class HeldModels implements AutoCloseable {
    private final Map<Ensemble.Step, ServedModel> entered = new HashMap<>();
    private final List<ServedModel> models = new ArrayList<>();

    /// Takes the next step's model.
    ///
    /// @throws TidemillException as the directory says
    void enter(Ensemble.Step step, ModelDirectory directory) {
        Ensemble.Step key = new Ensemble.Step(step.model(), step.version(), Map.of(), Map.of());
        ServedModel model = entered.get(key);
        if (model == null) {
            model = directory.enter(step.model(), step.version());
            entered.put(key, model);
        }
        models.add(model);
    }

    ServedModel of(int step) {
        return models.get(step);
    }

    /// By step.
    List<ServedModel> all() {
        return models;
    }

    @Override
    public void close() {
        entered.values().forEach(ServedModel::leave);
    }
}
