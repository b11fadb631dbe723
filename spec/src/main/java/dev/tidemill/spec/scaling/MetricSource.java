package dev.tidemill.spec.scaling;

import dev.tidemill.scaling.Signal;
import java.util.Optional;

/// Where a measure comes from that is not our own.
public sealed interface MetricSource {
    /// By which metrics, triggers and decisions call it.
    String name();

    /// What rules and triggers know it as, where it is called like one of our measures, such as
    /// `lag`, or by a name that others give one.
    default Optional<Signal> signal() {
        return Measure.named(name()).map(alias -> alias.measure().signal());
    }

    /// How many of it one of ours is: 100 for percent.
    default double scale() {
        return Measure.named(name()).map(Measure.Alias::scale).orElse(1.0);
    }

    /// A query.
    ///
    /// @param server a Prometheus-compatible server's address
    /// @param query in PromQL; its instant result is summed
    record Prometheus(String name, String server, String query) implements MetricSource {}

    /// How far a consumer group of Kafka is behind, in messages.
    record Kafka(String name, KafkaLag lag) implements MetricSource {
        /// What is called so is the lag before anything was left out of it or bounded: what a
        /// trigger is active by. It is there where that can differ.
        public static String whole(String name) {
            return name + ":whole";
        }
    }
}
