package dev.tidemill.operator.scale;

import dev.tidemill.autoscale.Measures;
import dev.tidemill.spec.ModelPool;
import dev.tidemill.spec.cluster.ReplicaSetter;
import dev.tidemill.spec.scaling.Measure;
import dev.tidemill.spec.scaling.Measure.Unit;
import dev.tidemill.spec.scaling.MetricSource;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/// What was measured of a pool in the last look at it.
///
/// @param by who sets the number of its replicas
/// @param pods that serve
/// @param at when it was looked at
public record PoolReading(
        ModelPool pool, ReplicaSetter by, List<Pod> pods, Measures measures, Instant at) {
    public PoolReading {
        pods = List.copyOf(pods);
    }

    /// A pod by what Kubernetes selects it.
    public record Pod(String name, Map<String, String> labels) {
        public Pod {
            labels = Map.copyOf(labels);
        }
    }

    /// @param number over all replicas for `TOTAL`, of the mean replica otherwise
    public record Value(double number, Unit unit) {
        /// What one of so many pods has of it.
        public double each(int pods) {
            return unit == Unit.TOTAL ? number / pods : number;
        }
    }

    public String name() {
        return pool.name();
    }

    /// @param metric a source of the file, one of our measures, or another's name for one
    /// @return empty where it is not known now, which is not zero
    public Optional<Value> value(String metric) {
        Double named = measures.named().get(metric);
        if (named != null) {
            return Optional.of(new Value(named, Unit.TOTAL));
        }
        return Measure.named(metric)
                .map(alias ->
                        new Value(
                                measures.get(alias.measure().signal()) * alias.scale(),
                                alias.measure().unit()))
                .filter(value -> Double.isFinite(value.number()));
    }

    /// Of all that can be asked for, known now or not: our measures, and the sources of the file.
    public List<String> names() {
        TreeSet<String> names = new TreeSet<>();
        for (Measure measure : Measure.values()) {
            names.add(measure.word());
        }
        names.addAll(Measure.metricNames());
        pool.scaling().sources().stream().map(MetricSource::name).forEach(names::add);
        return List.copyOf(names);
    }
}
