package dev.tidemill.server.protocol.grpc.tfserving;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.server.modelconfig.VersionPolicy;
import java.util.List;
import java.util.Map;

/// Replaces the list of the models that are served: what the new one does not name is unloaded.
@FunctionalInterface
public interface ConfigReload {
    /// For servers whose models are given once and for all.
    ConfigReload NONE =
            _ -> {
                throw new TidemillException(
                        ErrorCode.METHOD_NOT_ALLOWED,
                        "HandleReloadConfigRequest: 'not offered' (expected: other methods; the models of this server are given at its start)");
            };

    /// Returns when every model of the list is loaded, or throws why one is not.
    void reload(List<Entry> models);

    /// @param basePath the folder with a folder for each version
    /// @param labels version by label
    record Entry(String name, String basePath, VersionPolicy versions, Map<String, Long> labels) {
        public Entry {
            labels = Map.copyOf(labels);
        }
    }
}
