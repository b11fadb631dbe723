package dev.tidemill.operator.kube;

import dev.tidemill.operator.status.PodState;
import dev.tidemill.operator.status.Workload;
import java.util.Optional;
import java.util.stream.Stream;

/// Reads what runs out of an API server's trees.
final class Workloads {
    private Workloads() {}

    /// Of a Deployment or a StatefulSet.
    static Workload workload(String id, long generation, Object tree) {
        return new Workload(
                id,
                Look.number(tree, 0, "status", "observedGeneration") >= generation,
                Look.number(tree, 1, "spec", "replicas"),
                Look.number(tree, 0, "status", "updatedReplicas"),
                Look.number(tree, 0, "status", "replicas"),
                Look.number(tree, 0, "status", "readyReplicas"),
                Look.condition(tree, "ReplicaFailure")
                        .filter(condition -> Look.text(condition, "status").equals("True"))
                        .map(condition -> Look.text(condition, "message")));
    }

    /// Empty for a pod that is ready or ends.
    static Optional<PodState> pod(String name, boolean ending, Object tree) {
        if (ending
                || Look.condition(tree, "Ready")
                        .filter(condition -> Look.text(condition, "status").equals("True"))
                        .isPresent()) {
            return Optional.empty();
        }
        Optional<?> waits =
                Stream.concat(
                                Look.list(tree, "status", "initContainerStatuses").stream(),
                                Look.list(tree, "status", "containerStatuses").stream())
                        .filter(one -> Look.at(one, "state", "waiting").isPresent())
                        .findFirst();
        return Optional.of(
                new PodState(
                        name,
                        Look.condition(tree, "PodScheduled")
                                .filter(one -> Look.text(one, "reason").equals("Unschedulable"))
                                .map(one -> Look.text(one, "message")),
                        waits.map(one -> Look.text(one, "state", "waiting", "reason")),
                        waits.map(one -> Look.text(one, "image")).orElse(""),
                        waits.map(one -> Look.text(one, "state", "waiting", "message")).orElse(""),
                        waits.map(one -> Look.number(one, 0, "restartCount")).orElse(0)));
    }
}
