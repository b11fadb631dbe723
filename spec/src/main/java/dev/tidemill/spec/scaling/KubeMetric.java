package dev.tidemill.spec.scaling;

/// A metric of `metrics` as a HorizontalPodAutoscaler of the cluster would have it.
///
/// @param name of the resource, or by which the operator serves it
/// @param value percent for `UTILIZATION`
public record KubeMetric(Source source, String name, Target target, double value) {
    /// Where a HorizontalPodAutoscaler asks for it.
    public enum Source {
        /// `metrics.k8s.io`.
        RESOURCE,
        /// `custom.metrics.k8s.io`, of each pod.
        PODS,
        /// `custom.metrics.k8s.io`, of the model's Service.
        OBJECT,
        /// `external.metrics.k8s.io`.
        EXTERNAL
    }

    /// What it is held against.
    public enum Target {
        UTILIZATION,
        AVERAGE_VALUE,
        VALUE
    }

    /// The short form: what means the same to Kubernetes.
    static KubeMetric of(Measure measure, double target) {
        return switch (measure.unit()) {
            case TOTAL ->
                    new KubeMetric(Source.OBJECT, measure.word(), Target.AVERAGE_VALUE, target);
            case SECONDS -> new KubeMetric(Source.OBJECT, measure.word(), Target.VALUE, target);
            case SHARE ->
                    measure == Measure.CPU || measure == Measure.MEMORY
                            ? new KubeMetric(
                                    Source.RESOURCE,
                                    measure.word(),
                                    Target.UTILIZATION,
                                    MetricReader.percent(target))
                            : new KubeMetric(
                                    Source.PODS, measure.word(), Target.AVERAGE_VALUE, target);
        };
    }

    /// Whether `custom.metrics.k8s.io` has to serve it.
    public boolean isCustom() {
        return source == Source.PODS || source == Source.OBJECT;
    }
}
