package dev.tidemill.server.repository;

import dev.tidemill.server.engine.ServedModel;

/// The right to use a version. While a lease is held the version stays loaded, even when it is
/// replaced meanwhile: a request that began with one version ends with it.
public final class ModelLease implements AutoCloseable {
    private final ServedModel model;

    /// @param model entered already
    ModelLease(ServedModel model) {
        this.model = model;
    }

    public ServedModel model() {
        return model;
    }

    /// Gives it back. Once only.
    @Override
    public void close() {
        model.leave();
    }
}
