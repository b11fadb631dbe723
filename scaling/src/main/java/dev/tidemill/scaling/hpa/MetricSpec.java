package dev.tidemill.scaling.hpa;

import org.jspecify.annotations.Nullable;

/// One entry of `spec.metrics`. Targets are milli-units but for the whole percents of
/// `averageUtilization`; more than one may be set, and each type looks at them in its own order.
///
/// @param type as written; one that the controller does not know is an error of that metric
/// @param container of a `ContainerResource`; empty for all
public record MetricSpec(
        String type,
        String name,
        String container,
        @Nullable Integer averageUtilization,
        @Nullable Long averageValue,
        @Nullable Long value) {
    public static MetricSpec utilization(String resource, int percent) {
        return new MetricSpec("Resource", resource, "", percent, null, null);
    }

    public static MetricSpec podsAverage(String name, long milli) {
        return new MetricSpec("Pods", name, "", null, milli, null);
    }

    public static MetricSpec objectValue(String name, long milli) {
        return new MetricSpec("Object", name, "", null, null, milli);
    }

    public static MetricSpec externalAverage(String name, long milli) {
        return new MetricSpec("External", name, "", null, milli, null);
    }
}
