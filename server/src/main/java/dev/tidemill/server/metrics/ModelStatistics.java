package dev.tidemill.server.metrics;

import java.util.List;

/// What one version has done since it was loaded, in the terms of Triton's statistics extension.
///
/// @param lastInference ms since 1970; 0 when there was none
/// @param rows that were inferred; those of cached answers were not
/// @param executions runs of the model
/// @param queue of every request that was answered, from the cache too
/// @param computeInput of every request that was run, as its batch took
/// @param batchSizes where the times are of runs
public record ModelStatistics(
        long lastInference,
        long rows,
        long executions,
        Total success,
        Total fail,
        Total queue,
        Total computeInput,
        Total computeInfer,
        Total computeOutput,
        Total cacheHit,
        Total cacheMiss,
        List<BatchSize> batchSizes) {
    public ModelStatistics {
        batchSizes = List.copyOf(batchSizes);
    }

    /// @param nanos of all together
    public record Total(long count, long nanos) {}

    /// Runs of one size.
    public record BatchSize(
            int rows, Total computeInput, Total computeInfer, Total computeOutput) {}
}
