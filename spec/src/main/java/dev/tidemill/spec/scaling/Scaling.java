package dev.tidemill.spec.scaling;

import dev.tidemill.scaling.fleet.ReplicaKind;
import dev.tidemill.scaling.guard.CronSchedule;
import dev.tidemill.scaling.guard.GuardedPolicy.Safety;
import dev.tidemill.scaling.hpa.Behavior;
import dev.tidemill.scaling.hpa.HpaSettings;
import dev.tidemill.scaling.hpa.Metric;
import dev.tidemill.scaling.keda.Fallback;
import dev.tidemill.scaling.keda.Modifiers;
import dev.tidemill.scaling.keda.Trigger;
import dev.tidemill.scaling.knative.KpaPolicy;
import dev.tidemill.scaling.objective.Objective;
import dev.tidemill.scaling.objective.Replica;
import dev.tidemill.scaling.objective.Tuning;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// How many replicas a pool has. The settings of policies that are not the chosen one are there
/// too, with defaults, so that any of them can be rehearsed; [Policies] makes them.
///
/// @param min replicas that always run; 0 lets it sleep
/// @param max at least 1 and at least `min`
/// @param replica what one replica does, as stated; most of it is learned live
/// @param idle time without requests before zero
/// @param safety what happens when metrics stay silent
/// @param sources of measures that are not our own
/// @param kinds of replicas to choose from by price; empty for one kind
/// @param places by kind
/// @param spotShare of the load that may rest on spot replicas
public record Scaling(
        int min,
        int max,
        PolicyKind policy,
        Concurrency concurrency,
        Hpa hpa,
        KpaPolicy.Settings kpa,
        Keda keda,
        List<Rule> rules,
        Objective objective,
        Tuning tuning,
        Replica replica,
        List<CronSchedule> schedules,
        Duration idle,
        Safety safety,
        List<MetricSource> sources,
        List<ReplicaKind> kinds,
        Map<String, KindPlace> places,
        double spotShare) {
    public Scaling {
        rules = List.copyOf(rules);
        schedules = List.copyOf(schedules);
        sources = List.copyOf(sources);
        kinds = List.copyOf(kinds);
        places = Map.copyOf(places);
    }

    /// What replicas of a kind get; nothing of its own for a name that is none.
    public KindPlace place(String kind) {
        return places.getOrDefault(kind, new KindPlace(Optional.empty(), Optional.empty()));
    }

    /// @param target requests in flight per replica that the count is chosen for
    /// @param scaleUpWindow the count grows to the least that was wanted during this time
    /// @param scaleDownWindow the count shrinks to the most that was wanted during this time
    public record Concurrency(double target, Duration scaleUpWindow, Duration scaleDownWindow) {}

    /// @param asked the same metrics, as a HorizontalPodAutoscaler of the cluster has them
    /// @param behavior empty for none, which is not the same as an empty one
    /// @param syncPeriod between two passes
    public record Hpa(
            List<Metric> metrics,
            List<KubeMetric> asked,
            Optional<Behavior> behavior,
            HpaSettings settings,
            Duration syncPeriod) {
        public Hpa {
            metrics = List.copyOf(metrics);
            asked = List.copyOf(asked);
        }
    }

    /// @param forms the same triggers, as a ScaledObject of the cluster has them; empty where the
    ///   file describes none
    public record Keda(
            List<Trigger> triggers,
            List<KedaForm> forms,
            Duration pollingInterval,
            Duration cooldownPeriod,
            Duration initialCooldownPeriod,
            Optional<Fallback> fallback,
            Optional<Modifiers> modifiers,
            Optional<Behavior> behavior) {
        public Keda {
            triggers = List.copyOf(triggers);
            forms = List.copyOf(forms);
        }
    }
}
