package dev.tidemill.server.protocol.grpc.openinference;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import java.util.Map;
import java.util.Optional;

/// Loading and unloading on demand: what a repository offers whose models can change.
public interface ModelControl {
    /// For servers whose models are given once and for all.
    ModelControl NONE =
            new ModelControl() {
                @Override
                public void load(String model, Optional<String> config, Map<String, byte[]> files) {
                    throw fixed("RepositoryModelLoad");
                }

                @Override
                public void unload(String model, boolean dependents) {
                    throw fixed("RepositoryModelUnload");
                }
            };

    /// Returns when the model is ready, or throws why it is not.
    ///
    /// @param config in JSON, instead of the folder's
    /// @param files of a model that is sent along, by path in its folder; empty when it is not
    void load(String model, Optional<String> config, Map<String, byte[]> files);

    /// Returns when no new request gets it any more.
    ///
    /// @param dependents whether those that an ensemble is made of go too
    void unload(String model, boolean dependents);

    private static TidemillException fixed(String method) {
        return new TidemillException(
                ErrorCode.METHOD_NOT_ALLOWED,
                "%s: 'unavailable' (expected: other methods; the models of this server are given at its start)"
                        .formatted(method));
    }
}
