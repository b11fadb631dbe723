package dev.tidemill.server.protocol.openinference;

import dev.tidemill.server.batching.BatchRecord;
import dev.tidemill.server.engine.ServedModel;
import java.util.List;

/// Why the last batches of a model were closed, newest first.
///
/// @param joins whether requests of several callers are joined at all
/// @param whyNot empty when they are
record Batches(
        String model,
        String version,
        boolean joins,
        String whyNot,
        int waiting,
        List<Batch> batches) {

    /// @param agoMillis when its run began
    /// @param longestWaitMicros of the requests in it
    record Batch(
            long agoMillis,
            int requests,
            int rows,
            String reason,
            long longestWaitMicros,
            long computeMicros) {}

    /// @param now of the server's monotonic clock
    static Batches of(ServedModel model, long now) {
        return new Batches(
                model.name(),
                model.version(),
                model.whyNoBatching().isEmpty(),
                model.whyNoBatching(),
                model.waiting(),
                model.recentBatches().stream().map(run -> batch(run, now)).toList());
    }

    private static Batch batch(BatchRecord run, long now) {
        return new Batch(
                (now - run.begin()) / 1_000_000,
                run.requests(),
                run.rows(),
                run.reason().sentence(),
                run.longestWait() / 1_000,
                run.compute() / 1_000);
    }
}
