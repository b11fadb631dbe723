package dev.tidemill.operator.scale;

/// Writes the number of replicas of a Deployment.
@FunctionalInterface
public interface ReplicaOrders {
    /// @throws RuntimeException when the API server refuses or is silent; it is ordered again then
    void order(String namespace, String deployment, int replicas);
}
