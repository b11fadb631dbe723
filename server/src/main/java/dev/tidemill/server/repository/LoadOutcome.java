package dev.tidemill.server.repository;

import dev.tidemill.server.engine.ServedModel;

/// How the loading of a version ended.
sealed interface LoadOutcome {
    record Ready(ServedModel model) implements LoadOutcome {}

    /// @param reason one sentence for people
    record Failed(String reason) implements LoadOutcome {}
}
