package dev.tidemill.spec.scaling;

import dev.tidemill.scaling.Signal;
import java.util.Optional;

/// Where a measure comes from that is not our own.
///
/// @param name by which metrics, triggers and decisions call it
/// @param server a Prometheus-compatible server's address
/// @param query in PromQL; its instant result is summed
public record MetricSource(String name, String server, String query) {
    /// What rules and triggers know it as, where it is called like one of our measures, such as
    /// `lag`, or by a name that others give one.
    public Optional<Signal> signal() {
        return Measure.named(name).map(alias -> alias.measure().signal());
    }

    /// How many of it one of ours is: 100 for percent.
    public double scale() {
        return Measure.named(name).map(Measure.Alias::scale).orElse(1.0);
    }
}
