package dev.tidemill.scaling.hpa;

import dev.tidemill.scaling.Signal;
import dev.tidemill.scaling.Signals;
import dev.tidemill.scaling.hpa.Formula.Sums;
import java.util.function.ToDoubleFunction;

/// One metric of an [HpaPolicy]: what is read of the signals, and the target it is held against.
/// Replicas are taken to be equal; those that still start have no sample.
///
/// @param label with its target, such as `cpu 70 %`
/// @param reading a total for `SHARED` and `VALUE`, of one replica otherwise
/// @param target in the reading's unit
public record Metric(String label, Kind kind, ToDoubleFunction<Signals> reading, double target) {
    /// How the reading relates to replicas, and by that to a type of `spec.metrics`.
    public enum Kind {
        /// `Resource`, `averageUtilization`: a share of the request; starting pods are unready.
        UTILIZATION,
        /// `Pods`, `averageValue`: the mean of the replicas that have one.
        PODS,
        /// `Object` or `External`, `value`: one number that should be at the target.
        VALUE,
        /// `Object` or `External`, `averageValue`: one number, divided by the replicas.
        SHARED
    }

    public Metric {
        if (!(target > 0) || Double.isInfinite(target)) {
            throw new IllegalArgumentException(
                    "%s: '%s' (expected: a target above 0)".formatted(label, target));
        }
    }

    /// @param percent of what is requested
    public static Metric utilization(Signal signal, int percent) {
        return new Metric(
                "%s %d %%".formatted(signal.label(), percent),
                Kind.UTILIZATION,
                seen -> seen.get(signal),
                percent);
    }

    /// A total, read a pod: what `Pods` metrics would give.
    public static Metric perPod(Signal total, double target) {
        return new Metric(
                "%s %s a replica".formatted(total.label(), number(target)),
                Kind.PODS,
                seen -> seen.get(total) / seen.ready(),
                target);
    }

    /// The same reading on every pod, such as a latency.
    public static Metric onEveryPod(Signal signal, String unit, double target) {
        return new Metric(
                "%s %s %s".formatted(signal.label(), number(target), unit),
                Kind.PODS,
                seen -> seen.get(signal),
                target);
    }

    public static Metric value(Signal signal, String unit, double target) {
        return new Metric(
                "%s %s %s".formatted(signal.label(), number(target), unit),
                Kind.VALUE,
                seen -> seen.get(signal),
                target);
    }

    public static Metric shared(Signal total, double target) {
        return new Metric(
                "%s %s a replica".formatted(total.label(), number(target)),
                Kind.SHARED,
                seen -> seen.get(total),
                target);
    }

    /// @throws MetricFailure when the reading is absent
    Proposal propose(Signals seen, double reading, Tolerance tolerance) {
        int ready = seen.ready();
        int starting = seen.starting();
        if (Double.isNaN(reading)) {
            throw new MetricFailure("no metrics returned");
        }
        return switch (kind) {
            case UTILIZATION -> {
                Sums sampled = sampled(reading * 1000, ready);
                yield Formula.utilization(
                        seen.ordered(),
                        (int) target,
                        tolerance,
                        ready,
                        sampled,
                        Sums.NONE,
                        new Sums(0, 1000L * starting, starting, starting));
            }
            case PODS -> {
                long goal = milli(target);
                yield Formula.average(
                        seen.ordered(),
                        goal,
                        tolerance,
                        ready,
                        sampled(reading * 1000, ready),
                        new Sums(goal * starting, 0, starting, starting),
                        Sums.NONE);
            }
            case VALUE ->
                    Formula.value(seen.ordered(), milli(reading), milli(target), tolerance, ready);
            case SHARED -> Formula.shared(seen.ordered(), milli(reading), milli(target), tolerance);
        };
    }

    private static Sums sampled(double each, int ready) {
        if (ready == 0) {
            throw new MetricFailure(
                    "did not receive metrics for targeted pods (pods might be unready)");
        }
        return new Sums(Math.round(each) * ready, 1000L * ready, ready, ready);
    }

    private static long milli(double value) {
        return Math.round(value * 1000);
    }

    static String number(double value) {
        return value == Math.rint(value)
                ? String.valueOf((long) value)
                : String.valueOf((double) Math.round(value * 1000) / 1000);
    }
}
