package dev.tidemill.scaling.hpa;

import dev.tidemill.scaling.Limit;
import dev.tidemill.scaling.Policy;
import dev.tidemill.scaling.Signals;
import dev.tidemill.scaling.Verdict;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The horizontal pod autoscaler over signals instead of pods: the same formulas, windows, rates
/// and order of checks as [Hpa], with replicas taken to be equal.
///
/// @param metrics the highest proposal wins; one that is missing blocks shrinking, never growth
/// @param behavior null for none, which is not the same as an empty one
/// @param everyMillis passes closer together than this change nothing, as the controller's period
public record HpaPolicy(
        String name,
        int min,
        int max,
        List<Metric> metrics,
        @Nullable Behavior behavior,
        HpaSettings settings,
        long everyMillis)
        implements Policy {
    public HpaPolicy {
        metrics = List.copyOf(metrics);
        if (metrics.isEmpty()) {
            throw new IllegalArgumentException("metrics: none (expected: at least one)");
        }
    }

    /// With the controller's own settings and period.
    public static HpaPolicy of(
            String name, int min, int max, @Nullable Behavior behavior, Metric... metrics) {
        return new HpaPolicy(
                name, min, max, List.of(metrics), behavior, HpaSettings.DEFAULT, 15_000);
    }

    @Override
    public Session start() {
        return new Passes(this, new HpaSpec(min, max, List.of(), behavior));
    }

    private static final class Passes implements Session {
        private final HpaPolicy policy;
        private final HpaSpec spec;
        private final HpaMemory memory = new HpaMemory();
        private final Tolerance tolerance;
        private long nextAt = Long.MIN_VALUE;

        Passes(HpaPolicy policy, HpaSpec spec) {
            this.policy = policy;
            this.spec = spec;
            this.tolerance = Tolerance.of(policy.settings, policy.behavior);
        }

        @Override
        public Verdict decide(Signals seen) {
            int current = seen.ordered();
            long now = seen.atMillis();
            if (now < nextAt) {
                return verdict(
                        seen, Verdict.BETWEEN, current, List.of(), current, () -> "between passes");
            }
            nextAt = now + policy.everyMillis;
            Stabilization stabilization = memory.stabilization(current, now);
            if (current == 0 && spec.min() != 0) {
                return verdict(
                        seen,
                        "switched off",
                        0,
                        List.of(Limit.DISABLED),
                        0,
                        () -> "0 replicas with a min above 0 means switched off");
            }
            if (current > spec.max() || current < spec.min()) {
                return outside(seen, current, now);
            }
            return byMetrics(seen, stabilization, now);
        }

        private Verdict outside(Signals seen, int current, long now) {
            boolean above = current > spec.max();
            int to = above ? spec.max() : spec.min();
            remember(current, to, now);
            return verdict(
                    seen,
                    "bounds",
                    to,
                    List.of(above ? Limit.MAX : Limit.MIN),
                    to,
                    () -> "%d is %s %d".formatted(current, above ? "above max" : "below min", to));
        }

        private Verdict byMetrics(Signals seen, Stabilization stabilization, long now) {
            int current = seen.ordered();
            int best = 0;
            @Nullable Metric winner = null;
            double reading = Double.NaN;
            @Nullable Metric silent = null;
            for (Metric metric : policy.metrics) {
                double value = metric.reading().applyAsDouble(seen);
                try {
                    int proposed = metric.propose(seen, value, tolerance).replicas();
                    if (winner == null || best == 0 || proposed > best) {
                        best = proposed;
                        winner = metric;
                        reading = value;
                    }
                } catch (MetricFailure _) {
                    silent = silent == null ? metric : silent;
                }
            }
            if (winner == null || (silent != null && best < current)) {
                return silence(
                        seen,
                        silent == null ? policy.metrics.getFirst() : silent,
                        winner == null ? current : best);
            }
            int wanted = Math.max(0, best);
            Limiting limiting =
                    Limiting.apply(
                            spec, policy.settings, stabilization, memory, current, wanted, now);
            int replicas = limiting.limited().replicas();
            remember(current, replicas, now);
            return explained(seen, winner, reading, wanted, limiting);
        }

        /// @param wanted by the metrics that have a reading
        private Verdict silence(Signals seen, Metric silent, int wanted) {
            int current = seen.ordered();
            return verdict(
                    seen,
                    silent.label(),
                    wanted,
                    List.of(Limit.SILENT),
                    current,
                    () ->
                            "%s has no reading, so nothing shrinks: holding at %d"
                                    .formatted(silent.label(), current));
        }

        private void remember(int current, int replicas, long now) {
            Behavior behavior = policy.behavior;
            if (behavior != null && replicas != current) {
                memory.changed(current, replicas, behavior, now);
            }
        }

        private Verdict explained(
                Signals seen, Metric winner, double reading, int wanted, Limiting limiting) {
            int replicas = limiting.limited().replicas();
            List<Limit> limits = new ArrayList<>(2);
            if (limiting.stabilized() != wanted) {
                limits.add(Limit.WINDOW);
            }
            if (replicas != limiting.stabilized()) {
                limits.add(limit(limiting.limited().reason()));
            }
            return verdict(
                    seen,
                    winner.label(),
                    wanted,
                    limits,
                    replicas,
                    new Words(winner, reading, seen.ready(), wanted, limiting));
        }

        private static Limit limit(String reason) {
            return switch (reason) {
                case "TooFewReplicas" -> Limit.MIN;
                case "TooManyReplicas" -> Limit.MAX;
                default -> Limit.RATE;
            };
        }

        private Verdict verdict(
                Signals seen,
                String rule,
                int wanted,
                List<Limit> limits,
                int replicas,
                Verdict.Account account) {
            return new Verdict(seen, policy.name, rule, wanted, limits, replicas, account);
        }
    }

    private record Words(Metric metric, double reading, int ready, int wanted, Limiting limiting)
            implements Verdict.Account {
        @Override
        public String sentence() {
            double shown = metric.kind() == Metric.Kind.UTILIZATION ? reading * 100 : reading;
            StringBuilder words = new StringBuilder();
            words.append(metric.label())
                    .append(": ")
                    .append(Metric.number(shown))
                    .append(" with ")
                    .append(ready)
                    .append(" ready wants ")
                    .append(wanted);
            int stabilized = limiting.stabilized();
            if (stabilized != wanted) {
                words.append(", the window holds ").append(stabilized);
            }
            int replicas = limiting.limited().replicas();
            if (replicas != stabilized) {
                words.append(
                                switch (limiting.limited().reason()) {
                                    case "TooFewReplicas" -> ", min is ";
                                    case "TooManyReplicas" -> ", max is ";
                                    default -> ", the rate allows ";
                                })
                        .append(replicas);
            }
            return words.toString();
        }
    }
}
