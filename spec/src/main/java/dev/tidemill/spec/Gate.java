package dev.tidemill.spec;

/// A training registers nothing when the metric is below the minimum.
///
/// @param metric `accuracy`, `precision` or `recall`, or what a program of one's own measured
/// @param min between 0 and 1
public record Gate(String metric, double min) {}
