package dev.tidemill.cluster.apply;

import java.time.Instant;

/// A set of objects that was applied.
///
/// @param number from 1
/// @param settled whether all of it ran
/// @param note who or what it came from
public record Release(int number, Instant at, boolean settled, String note, ObjectSet objects) {}
