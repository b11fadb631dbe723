package dev.tidemill.scaling.hpa;

import java.util.List;
import java.util.Map;

/// What the metrics API answered for one metric.
public sealed interface MetricReading {
    /// One sample a pod, by the pod's name.
    record OfPods(Map<String, Sample> samples) implements MetricReading {
        public OfPods {
            samples = Map.copyOf(samples);
        }
    }

    /// One number for an object, or one a series of an external metric; milli-units.
    record OfWorkload(List<Long> values) implements MetricReading {
        public OfWorkload {
            values = List.copyOf(values);
        }
    }

    /// No answer.
    record Failed(String why) implements MetricReading {}

    /// @param value milli-units
    /// @param at end of the window that it was measured over
    record Sample(long value, long at, long windowMillis) {}
}
