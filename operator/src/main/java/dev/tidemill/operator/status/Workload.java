package dev.tidemill.operator.status;

import java.util.Optional;

/// What runs for a resource: its Deployment or StatefulSet.
///
/// @param id such as `deployment/digits-server`
/// @param current whether its controller has seen the newest spec
/// @param replicas that are asked for
/// @param updated that are of the newest spec
/// @param there old ones included
/// @param ready that serve
/// @param failure why pods cannot be made, in Kubernetes' words
public record Workload(
        String id,
        boolean current,
        int replicas,
        int updated,
        int there,
        int ready,
        Optional<String> failure) {
    /// Both as one, by this one's name: of replicas of several kinds.
    public Workload and(Workload other) {
        return new Workload(
                id,
                current && other.current,
                replicas + other.replicas,
                updated + other.updated,
                there + other.there,
                ready + other.ready,
                failure.or(other::failure));
    }
}
