package dev.tidemill.spec.yaml;

/// A value and where it was written.
///
/// @param path such as `spec.after[0]`
/// @param line from 1
public record Located<T>(T value, String path, int line) {}
