package dev.tidemill.rehearsal.study;

import dev.tidemill.rehearsal.Outcome;
import java.util.List;

/// What a setting came to, over all seeds.
///
/// @param outcomes one a seed
/// @param late share of requests, with its interval over days
/// @param cost replica-hours as a multiple of the oracle's, with its interval
public record Finding(
        Setting setting,
        List<Outcome> outcomes,
        double late,
        Interval lateInterval,
        double cost,
        Interval costInterval) {
    public Finding {
        outcomes = List.copyOf(outcomes);
    }

    public String name() {
        return setting.name();
    }

    /// Mean over seeds.
    public double replicaHours() {
        return outcomes.stream().mapToDouble(Outcome::replicaHours).average().orElse(0);
    }

    /// Share of minutes with more late requests than promised; mean over seeds.
    public double minutesOut() {
        return outcomes.stream()
                .mapToDouble(each -> (double) each.minutesOut() / Math.max(1, each.minutes()))
                .average()
                .orElse(0);
    }

    /// Mean over seeds.
    public double turns() {
        return outcomes.stream().mapToDouble(Outcome::turns).average().orElse(0);
    }

    /// Mean over seeds.
    public double cut() {
        return outcomes.stream().mapToDouble(Outcome::cut).average().orElse(0);
    }

    public int most() {
        return outcomes.stream().mapToInt(Outcome::most).max().orElse(0);
    }

    /// Seconds from too many late requests to enough capacity; mean over seeds.
    public double reactionSeconds() {
        return outcomes.stream()
                .mapToDouble(each -> each.reaction().meanSeconds())
                .average()
                .orElse(0);
    }

    public double worstReactionSeconds() {
        return outcomes.stream()
                .mapToDouble(each -> each.reaction().worstSeconds())
                .max()
                .orElse(0);
    }

    public int breaches() {
        return (int)
                Math.round(
                        outcomes.stream()
                                .mapToInt(each -> each.reaction().breaches())
                                .average()
                                .orElse(0));
    }
}
