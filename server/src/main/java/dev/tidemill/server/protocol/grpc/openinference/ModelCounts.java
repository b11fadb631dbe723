package dev.tidemill.server.protocol.grpc.openinference;

import java.util.List;

/// What has been counted for one version since it was loaded.
///
/// @param lastInferenceMillis since 1970; 0 for never
/// @param inferences rows of all requests that were answered well
/// @param executions runs of the model, each for one or more requests
/// @param success requests that were answered well, from their arrival to their answer
/// @param queue their time before a run began
public record ModelCounts(
        String model,
        String version,
        long lastInferenceMillis,
        long inferences,
        long executions,
        Times success,
        Times fail,
        Times queue,
        Times computeInput,
        Times computeInfer,
        Times computeOutput,
        Times cacheHit,
        Times cacheMiss,
        List<Batch> batches) {
    public ModelCounts {
        batches = List.copyOf(batches);
    }

    /// How often, and how long together.
    public record Times(long count, long nanos) {
        public static final Times NONE = new Times(0, 0);
    }

    /// Runs of one size.
    public record Batch(long size, Times input, Times infer, Times output) {}

    /// Where the counts come from.
    @FunctionalInterface
    public interface Source {
        /// @param model empty for all
        /// @param version empty for all
        /// @throws dev.tidemill.common.TidemillException `MODEL_NOT_FOUND`
        List<ModelCounts> counts(String model, String version);
    }
}
