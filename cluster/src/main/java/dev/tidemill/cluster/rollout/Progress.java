package dev.tidemill.cluster.rollout;

import dev.tidemill.cluster.Fields;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// How far a Deployment or StatefulSet is with what was asked of it last.
///
/// @param ready replicas of the newest kind that are available
/// @param wanted replicas
/// @param done whether nothing is left to do: no old pod is there any more either
public record Progress(long ready, long wanted, boolean done) {
    /// @param workload a Deployment or StatefulSet
    public static Progress of(Fields workload) {
        long wanted =
                workload.at("spec", "replicas").isPresent()
                        ? workload.number("spec", "replicas")
                        : 1;
        boolean seen =
                workload.number("status", "observedGeneration")
                        >= workload.number("metadata", "generation");
        long updated = workload.number("status", "updatedReplicas");
        long available = workload.number("status", "availableReplicas");
        long all = workload.number("status", "replicas");
        if (workload.text("kind").equals("StatefulSet")) {
            boolean newest =
                    workload.text("status", "currentRevision")
                            .equals(workload.text("status", "updateRevision"));
            return new Progress(
                    Math.min(updated, available),
                    wanted,
                    seen && newest && updated >= wanted && available >= wanted && all == wanted);
        }
        return new Progress(
                Math.min(updated, available),
                wanted,
                seen && updated >= wanted && available >= wanted && all == updated);
    }

    /// What keeps pods from being made at all: a quota, a limit, Pod Security.
    public static Optional<Trouble> refused(Fields workload) {
        String object =
                "%s/%s".formatted(workload.text("kind").toLowerCase(Locale.ROOT), workload.name());
        return workload.children("status", "conditions").stream()
                .filter(condition ->
                        (condition.text("type").equals("ReplicaFailure")
                                        && condition.text("status").equals("True"))
                                || condition.text("reason").equals("ProgressDeadlineExceeded"))
                .findFirst()
                .map(condition ->
                        new Trouble(
                                object,
                                condition.text("reason"),
                                condition.text("message"),
                                true,
                                List.of()));
    }
}
