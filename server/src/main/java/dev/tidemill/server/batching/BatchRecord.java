package dev.tidemill.server.batching;

import dev.tidemill.server.batching.BatchPlan.Reason;

/// What is remembered of a run. Times are in nanoseconds.
///
/// @param begin when the run began, on the monotonic clock
/// @param longestWait of the requests in it
/// @param waits of all of them together
/// @param join until the inputs were joined
/// @param compute in the model
/// @param split until every caller had its rows
public record BatchRecord(
        long begin,
        int requests,
        int rows,
        Reason reason,
        long longestWait,
        long waits,
        long join,
        long compute,
        long split) {}
