package dev.tidemill.scaling.concurrency;

import dev.tidemill.scaling.concurrency.ScalingHistory.Recommendation;
import dev.tidemill.scaling.concurrency.ScalingHistory.Sample;
import java.util.Locale;

/// Sizes a target by requests in flight: `wanted = ceil(mean concurrency / target)`, within 10 % of
/// the target nothing changes, then the windows hold the *current* count between the lowest
/// recommendation of the scale-up window and the highest of the scale-down window (the
/// stabilisation rule of the Kubernetes HPA v2), then min and max.
public final class ConcurrencyScaling {
    private static final double TOLERANCE = 0.1;

    private ConcurrencyScaling() {}

    public static Decision decide(ScalingRule rule, ScalingHistory history, Observation seen) {
        int current = seen.replicas();
        if (seen.concurrency().isEmpty()) {
            int held = Math.clamp(current, rule.min(), rule.max());
            return new Decision(held, current, "no signal: holding at " + held, history);
        }
        ScalingHistory sampled =
                history.withSample(
                        new Sample(seen.atNanos(), seen.concurrency().getAsDouble()),
                        rule.averageOver());
        double concurrency = sampled.meanConcurrency();
        int wanted = wanted(rule, concurrency, current);
        ScalingHistory next =
                sampled.withRecommendation(
                        new Recommendation(seen.atNanos(), wanted), rule.memory());
        int low = lowest(next, rule, seen.atNanos(), wanted);
        Recommendation high = highest(next, rule, seen.atNanos(), wanted);
        int stabilised = Math.max(low, Math.min(current, high.replicas()));
        int replicas = Math.clamp(stabilised, rule.min(), rule.max());
        return new Decision(
                replicas, wanted, reason(rule, concurrency, wanted, replicas, seen, high), next);
    }

    private static int wanted(ScalingRule rule, double concurrency, int current) {
        double ratio = concurrency / (rule.targetConcurrency() * Math.max(1, current));
        if (Math.abs(ratio - 1) <= TOLERANCE) {
            return current;
        }
        double exact = Math.ceil(concurrency / rule.targetConcurrency());
        return (int) Math.clamp(exact, 1, Integer.MAX_VALUE);
    }

    private static int lowest(ScalingHistory history, ScalingRule rule, long now, int wanted) {
        int low = wanted;
        for (Recommendation past : history.recommendations()) {
            if (now - past.atNanos() <= rule.scaleUpWindow().toNanos()) {
                low = Math.min(low, past.replicas());
            }
        }
        return low;
    }

    private static Recommendation highest(
            ScalingHistory history, ScalingRule rule, long now, int wanted) {
        Recommendation high = new Recommendation(now, wanted);
        for (Recommendation past : history.recommendations()) {
            if (now - past.atNanos() <= rule.scaleDownWindow().toNanos()
                    && past.replicas() >= high.replicas()) {
                high = past;
            }
        }
        return high;
    }

    private static String reason(
            ScalingRule rule,
            double concurrency,
            int wanted,
            int replicas,
            Observation seen,
            Recommendation high) {
        String need =
                String.format(
                        Locale.ROOT,
                        "%.1f requests in flight need %d at %s a replica",
                        concurrency,
                        wanted,
                        number(rule.targetConcurrency()));
        if (replicas == wanted) {
            return need;
        }
        if (replicas == rule.max() && wanted > rule.max()) {
            return need + ", but max is " + rule.max();
        }
        if (replicas == rule.min() && wanted < rule.min()) {
            return need + ", but min is " + rule.min();
        }
        if (wanted < replicas) {
            long ago = (seen.atNanos() - high.atNanos()) / 1_000_000_000L;
            return "%s, but %d were needed %d s ago and shrinking waits %d s"
                    .formatted(need, high.replicas(), ago, rule.scaleDownWindow().toSeconds());
        }
        return "%s, but growing waits until that holds for %d s"
                .formatted(need, rule.scaleUpWindow().toSeconds());
    }

    private static String number(double value) {
        return value == Math.rint(value)
                ? String.valueOf((long) value)
                : String.format(Locale.ROOT, "%.1f", value);
    }
}
