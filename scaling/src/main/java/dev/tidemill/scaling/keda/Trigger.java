package dev.tidemill.scaling.keda;

import dev.tidemill.scaling.Signal;
import dev.tidemill.scaling.Signals;
import java.util.function.ToDoubleFunction;

/// One trigger of a `ScaledObject`.
///
/// @param reading the total that its scaler would report
/// @param activity the total that it is active by, where that is another
/// @param threshold of one replica, or of the workload when `perReplica` is false
/// @param activation the trigger is active strictly above this
/// @param perReplica `metricType: AverageValue`, KEDA's default; otherwise `Value`
public record Trigger(
        String name,
        ToDoubleFunction<Signals> reading,
        ToDoubleFunction<Signals> activity,
        double threshold,
        double activation,
        boolean perReplica) {
    public Trigger {
        if (!(threshold > 0) || Double.isInfinite(threshold)) {
            throw new IllegalArgumentException(
                    "triggers[].threshold: '%s' (expected: a number above 0)".formatted(threshold));
        }
    }

    /// One that is active by what it reports.
    public Trigger(
            String name,
            ToDoubleFunction<Signals> reading,
            double threshold,
            double activation,
            boolean perReplica) {
        this(name, reading, reading, threshold, activation, perReplica);
    }

    public static Trigger of(Signal signal, double threshold, double activation) {
        return new Trigger(
                signal.label().replace(' ', '_'),
                seen -> seen.get(signal),
                threshold,
                activation,
                true);
    }
}
