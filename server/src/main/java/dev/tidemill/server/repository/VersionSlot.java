package dev.tidemill.server.repository;

import dev.tidemill.server.engine.ServedModel;
import dev.tidemill.server.modelconfig.ModelConfig;
import java.util.Optional;

/// What is known of one version that is to be served.
///
/// @param files that were loaded or are to be
/// @param model what answers requests now; while another is loaded in its place, or after that has
///   failed, the one before
/// @param loading whether a load is going on
/// @param reason why the last load failed; empty when it did not
record VersionSlot(
        VersionFiles files,
        ModelConfig config,
        Optional<ServedModel> model,
        boolean loading,
        String reason) {
    /// Whether nothing would change by loading these files.
    boolean isOf(VersionFiles newFiles, ModelConfig newConfig) {
        return files.equals(newFiles) && config.equals(newConfig);
    }

    VersionStatus status(String model) {
        VersionStatus.State state =
                this.model.isPresent()
                        ? VersionStatus.State.READY
                        : loading ? VersionStatus.State.LOADING : VersionStatus.State.UNAVAILABLE;
        return new VersionStatus(model, files.version(), state, reason);
    }
}
