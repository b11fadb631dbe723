package dev.tidemill.spec.cluster;

/// Who sets the number of a model's replicas.
public enum ReplicaSetter {
    /// Kubernetes, by a HorizontalPodAutoscaler of each model.
    HPA,
    /// Tidemill's operator, by the engine that `up` uses.
    TIDEMILL,
    /// KEDA, by a ScaledObject of each model, which asks the operator what is measured.
    KEDA,
    /// Nobody: `scaling.min` replicas run.
    NONE
}
