package dev.tidemill.scaling.objective;

import dev.tidemill.scaling.Bounds;
import dev.tidemill.scaling.Policy;
import java.util.List;

/// As few replicas as keep the objective. Always reactive: the forecast can only add to what the
/// present level needs.
///
/// What it does without signals: it holds the count for `silentHold`, then it moves to the safe
/// count, growing at once and shrinking by at most a tenth per start-up time. The safe count is the
/// stated `fallback`, or what the busiest of the next hour usually needs, or what was needed on
/// average.
public record ObjectivePolicy(
        String name,
        Bounds bounds,
        Objective objective,
        Replica replica,
        Tuning tuning,
        List<Schedule> schedules)
        implements Policy {
    public ObjectivePolicy {
        schedules = List.copyOf(schedules);
    }

    public static ObjectivePolicy of(Bounds bounds, Objective objective, Replica replica) {
        return new ObjectivePolicy(
                "objective", bounds, objective, replica, Tuning.DEFAULT, List.of());
    }

    public ObjectivePolicy with(Tuning other) {
        return new ObjectivePolicy(name, bounds, objective, replica, other, schedules);
    }

    public ObjectivePolicy with(List<Schedule> others) {
        return new ObjectivePolicy(name, bounds, objective, replica, tuning, others);
    }

    @Override
    public Session start() {
        return new ObjectiveSession(this);
    }
}
