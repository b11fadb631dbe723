package dev.tidemill.scaling;

/// How many replicas, and the sentence that explains it to a person.
///
/// @param next what the following decision needs to remember
public record Decision(int replicas, String reason, ScalingHistory next) {}
