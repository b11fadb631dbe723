package dev.tidemill.spec.scaling;

import dev.tidemill.spec.Model;
import dev.tidemill.spec.ModelResources;
import dev.tidemill.spec.cluster.PodSettings;
import java.util.Optional;

/// What replicas of one kind get that others do not.
///
/// @param resources empty for the model's
/// @param pod empty for the model's
public record KindPlace(Optional<ModelResources> resources, Optional<PodSettings> pod) {
    public ModelResources resources(Model model) {
        return resources.orElse(model.resources());
    }

    public PodSettings pod(Model model) {
        return pod.orElse(model.pod());
    }
}
