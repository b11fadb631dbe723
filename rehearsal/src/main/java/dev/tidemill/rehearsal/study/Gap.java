package dev.tidemill.rehearsal.study;

/// Where the replica-hours above the oracle's go, as a share of the oracle's. They add up.
///
/// @param forecast what the forecast alone calls for, against what will be needed; below 0 when it
///   is too low
/// @param margin what the margin over the forecast adds
/// @param hold what is kept because it was needed a while ago
/// @param other bounds, schedules, bursts, and replicas that were ordered before the first decision
public record Gap(double forecast, double margin, double hold, double other) {
    public double total() {
        return forecast + margin + hold + other;
    }
}
