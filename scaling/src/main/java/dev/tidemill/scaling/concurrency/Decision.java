package dev.tidemill.scaling.concurrency;

/// How many replicas, and the sentence that explains it to a person.
///
/// @param wanted what the load alone calls for
/// @param next what the following decision needs to remember
public record Decision(int replicas, int wanted, String reason, ScalingHistory next) {}
