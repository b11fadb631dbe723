package dev.tidemill.limits;

/// A point in time by both clocks.
///
/// @param nanos monotonic: for rates
/// @param epochSecond the time of day: for budgets
public record Moment(long nanos, long epochSecond) {}
