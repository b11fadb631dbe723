package dev.tidemill.scaling.concurrency;

import java.util.OptionalDouble;

/// What was seen of a target at one moment.
///
/// @param atNanos when, on any monotonic clock
/// @param replicas how many it has been ordered to have
/// @param concurrency mean requests in flight, waiting ones included, since the observation before;
///   empty when the signal could not be read
public record Observation(long atNanos, int replicas, OptionalDouble concurrency) {}
