package dev.tidemill.rehearsal.cost;

/// What one replica needs.
///
/// @param owner whose replica it is
public record Need(String owner, double cores, double gibibytes, int gpus) {}
