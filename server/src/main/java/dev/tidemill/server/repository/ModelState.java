package dev.tidemill.server.repository;

import dev.tidemill.server.engine.ServedModel;

/// Where a model is on its way to being served.
public sealed interface ModelState {
    record Loading() implements ModelState {}

    record Ready(ServedModel model) implements ModelState {}

    /// @param reason one sentence for people
    record Failed(String reason) implements ModelState {}
}
