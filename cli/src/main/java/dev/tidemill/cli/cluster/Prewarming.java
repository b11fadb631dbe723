package dev.tidemill.cli.cluster;

import dev.tidemill.cluster.Cluster;
import dev.tidemill.cluster.Kinds;
import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.scaling.guard.CronSchedule;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The least number of replicas that an autoscaler has by the clock. It is one field, and this is
/// its only owner: what applies the autoscaler does not say it.
///
/// @param autoscaler such as `HorizontalPodAutoscaler/digits-server`
/// @param floor while no schedule counts
public record Prewarming(String autoscaler, int floor, List<CronSchedule> schedules) {
    private static final String MANAGER = "tidemill-prewarm";

    /// Clocks of nodes differ: whoever is called at a time is not to find that it has yet to come.
    private static final Duration AHEAD = Duration.ofMinutes(1);

    public Prewarming {
        schedules = List.copyOf(schedules);
        var _ = field(autoscaler);
    }

    /// @return a sentence for people
    public String run(Cluster cluster, long now) {
        int least = Math.max(floor, CronSchedule.atLeast(schedules, now + AHEAD.toMillis()));
        String[] words = autoscaler.split("/", 2);
        String version = words[0].equals("ScaledObject") ? "keda.sh/v1alpha1" : "autoscaling/v2";
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("apiVersion", version);
        tree.put("kind", words[0]);
        tree.put("metadata", Map.of("name", words[1], "namespace", cluster.namespace()));
        tree.put("spec", Map.of(field(autoscaler), least));
        cluster.applyAs(MANAGER, Kinds.ref(version, words[0], cluster.namespace(), words[1]), tree);
        return "%s: at least %d replicas".formatted(autoscaler, least);
    }

    private static String field(String autoscaler) {
        return switch (autoscaler.replaceFirst("/[a-z0-9.-]+$", "")) {
            case "HorizontalPodAutoscaler" -> "minReplicas";
            case "ScaledObject" -> "minReplicaCount";
            default ->
                    throw new TidemillException(
                            ErrorCode.INVALID_REQUEST,
                            "--autoscaler: '%s' (expected: HorizontalPodAutoscaler/NAME or ScaledObject/NAME)"
                                    .formatted(autoscaler));
        };
    }
}
