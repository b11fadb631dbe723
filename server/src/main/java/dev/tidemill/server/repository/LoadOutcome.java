package dev.tidemill.server.repository;

import dev.tidemill.server.engine.ServedModel;
import java.util.Optional;

/// How the loading of a version ended.
sealed interface LoadOutcome {
    record Ready(ServedModel model) implements LoadOutcome {}

    /// @param reason one sentence for people
    record Failed(String reason) implements LoadOutcome {}

    /// An ensemble that misses a model is no success where the one before it answers.
    ///
    /// @param old what answers now
    default LoadOutcome insteadOf(Optional<ServedModel> old) {
        if (this instanceof Ready(ServedModel model)
                && old.isPresent()
                && old.get().obstacle().isEmpty()) {
            Optional<String> obstacle = model.obstacle();
            if (obstacle.isPresent()) {
                model.close();
                return new Failed(obstacle.get());
            }
        }
        return this;
    }
}
