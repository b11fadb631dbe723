package dev.tidemill.scaling.hpa;

/// What one metric alone calls for.
///
/// @param utilizationPercent of the request; -1 for metrics that are not a share of one
/// @param usage milli-units: the mean a pod, or the whole workload's value for `value` targets
public record Proposal(int replicas, int utilizationPercent, long usage) {}
