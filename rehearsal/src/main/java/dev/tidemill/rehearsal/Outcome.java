package dev.tidemill.rehearsal;

import java.util.List;
import java.util.Locale;

/// What a replay came to.
///
/// @param late requests, as a number that need not be whole
/// @param minutesOut minutes in which more requests were late than promised
/// @param replicaHours paid for, starting replicas included
/// @param turns changes of direction within ten minutes of the change before
/// @param orders how often the count was changed
/// @param most replicas at any time
/// @param cut requests still running on a replica that went, after their time to finish
/// @param days one after the other, the last one perhaps not whole
public record Outcome(
        String policy,
        double requests,
        double late,
        int minutes,
        int minutesOut,
        double replicaHours,
        int turns,
        int orders,
        int most,
        Reaction reaction,
        double cut,
        List<Day> days) {
    public Outcome {
        days = List.copyOf(days);
    }

    public double lateShare() {
        return requests > 0 ? late / requests : 0;
    }

    /// One row, against the replica-hours of the oracle.
    public String row(double oracleHours) {
        return String.format(
                Locale.ROOT,
                "%-22s %7.3f %% late  %5.1f %% minutes out  %8.0f h  %5.2f x oracle  %4d turns",
                policy,
                100 * lateShare(),
                100.0 * minutesOut / Math.max(1, minutes),
                replicaHours,
                replicaHours / oracleHours,
                turns);
    }
}
