package dev.tidemill.spec.scaling;

/// One rule with a threshold.
///
/// @param threshold in the measure's unit: a share of 1, seconds, or a number a replica
/// @param factor by which `DOUBLE` grows
/// @param floor to which `SHRINK` goes
public record Rule(Measure measure, double threshold, Action action, double factor, int floor) {
    public enum Action {
        /// The count follows, so that the measure stays at the threshold.
        TRACK,
        /// Above the threshold the count is multiplied.
        DOUBLE,
        /// Below the threshold, for five minutes, the count goes down.
        SHRINK
    }
}
