package dev.tidemill.scaling.concurrency;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// What a target's scaling remembers between decisions: recent samples and recommendations, oldest
/// first. Bounded by the rule's windows.
public record ScalingHistory(List<Sample> samples, List<Recommendation> recommendations) {
    public static final ScalingHistory EMPTY = new ScalingHistory(List.of(), List.of());

    public ScalingHistory {
        samples = List.copyOf(samples);
        recommendations = List.copyOf(recommendations);
    }

    /// Mean concurrency over the time since the sample before.
    public record Sample(long atNanos, double concurrency) {}

    /// What the samples alone called for, before windows.
    public record Recommendation(long atNanos, int replicas) {}

    ScalingHistory withSample(Sample sample, Duration keep) {
        List<Sample> kept = new ArrayList<>();
        for (Sample old : samples) {
            if (sample.atNanos() - old.atNanos() < keep.toNanos()) {
                kept.add(old);
            }
        }
        kept.add(sample);
        return new ScalingHistory(kept, recommendations);
    }

    ScalingHistory withRecommendation(Recommendation recommendation, Duration keep) {
        List<Recommendation> kept = new ArrayList<>();
        for (Recommendation old : recommendations) {
            if (recommendation.atNanos() - old.atNanos() <= keep.toNanos()) {
                kept.add(old);
            }
        }
        kept.add(recommendation);
        return new ScalingHistory(samples, kept);
    }

    double meanConcurrency() {
        return samples.stream().mapToDouble(Sample::concurrency).average().orElse(0);
    }
}
